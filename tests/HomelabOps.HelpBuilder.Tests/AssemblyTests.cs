using HomelabOps.HelpBuilder.Commands;

namespace HomelabOps.HelpBuilder.Tests;

public sealed class AssemblyTests
{
    private static readonly CommandModel Get = Workbench.Command("Get-Thing");

    [Fact]
    public void Only_public_concrete_cmdlets_are_found() =>
        Assert.Equal(["Find-Thing", "Get-Thing", "Remove-Thing"], Workbench.Commands.Select(c => c.Name));

    [Fact]
    public void Parameters_of_the_class_come_before_those_of_its_base() =>
        Assert.Equal(["Name", "InputObject", "Size", "Colour", "TimeoutSeconds", "Context", "Secret"], Get.Parameters.Select(p => p.Name));

    [Fact]
    public void The_default_set_is_the_first() => Assert.Equal(["ByName", "ByOther", "ByObject"], Get.Sets);

    [Fact]
    public void A_cmdlet_without_sets_has_one() => Assert.Equal([SetMember.AllSets], Workbench.Command("Remove-Thing").Sets);

    [Fact]
    public void Every_Parameter_attribute_of_a_property_counts()
    {
        var name = Parameter(Get, "Name");

        Assert.True(name.In("ByName") is { Mandatory: true, Position: 0 });
        Assert.True(name.In("ByOther") is { Mandatory: false, Position: null });
        Assert.Null(name.In("ByObject"));
        Assert.True(Parameter(Get, "InputObject").In("ByObject") is { ByValue: true, ByPropertyName: true });
    }

    [Fact]
    public void Aliases_wildcards_and_defaults_are_read()
    {
        Assert.Equal(["Title", "N"], Parameter(Get, "Name").Aliases);
        Assert.True(Parameter(Get, "Name").Wildcards);
        Assert.False(Parameter(Get, "Size").Wildcards);
        Assert.Equal("as the words say", Parameter(Get, "Secret").Default);

        // Of the initializer, which is no metadata.
        Assert.Equal("300", Parameter(Get, "TimeoutSeconds").Default);
        Assert.Null(Parameter(Get, "Size").Default);
    }

    [Fact]
    public void Values_come_from_a_set_or_an_enum()
    {
        Assert.Equal(["Small", "Large"], Parameter(Get, "Size").Values);
        Assert.Equal(["Green", "Red"], Parameter(Get, "Colour").Values);
        Assert.Empty(Parameter(Get, "Name").Values);
    }

    [Theory]
    [InlineData("Get-Thing", "Name", "string[]", "System.String[]", "System.String")]
    [InlineData("Get-Thing", "Colour", "Colour", "HomelabOps.HelpBuilder.Tests.Cmdlets.Colour", "HomelabOps.HelpBuilder.Tests.Cmdlets.Colour")]
    [InlineData("Get-Thing", "InputObject", "Thing[]", "HomelabOps.HelpBuilder.Tests.Cmdlets.Thing[]", "HomelabOps.HelpBuilder.Tests.Cmdlets.Thing")]
    [InlineData("Remove-Thing", "Force", "SwitchParameter", "System.Management.Automation.SwitchParameter", "System.Management.Automation.SwitchParameter")]
    [InlineData("Remove-Thing", "Limit", "IDictionary[string,Nullable[int]]", "System.Collections.Generic.IDictionary[System.String,System.Nullable[System.Int32]]", "System.Collections.Generic.IDictionary[System.String,System.Nullable[System.Int32]]")]
    public void Types_are_named_as_the_engine_names_them(string cmdlet, string parameter, string shown, string full, string element)
    {
        var type = Parameter(Workbench.Command(cmdlet), parameter).Type;

        Assert.Equal((shown, full, element), (type.Short, type.Full, type.Element));
    }

    [Fact]
    public void WhatIf_and_Confirm_come_with_ShouldProcess()
    {
        Assert.Equal(["WhatIf", "Confirm"], Workbench.Command("Remove-Thing").Parameters.TakeLast(2).Select(p => p.Name));
        Assert.Equal(["wi"], Parameter(Workbench.Command("Remove-Thing"), "WhatIf").Aliases);
        Assert.DoesNotContain(Get.Parameters, p => p.Name == "WhatIf");
    }

    [Fact]
    public void Paging_adds_its_parameters() =>
        Assert.Equal(["InputObject", "IncludeTotalCount", "Skip", "First"], Workbench.Command("Find-Thing").Parameters.Select(p => p.Name));

    [Fact]
    public void Output_types_are_types_or_names_but_not_void()
    {
        Assert.Equal(["HomelabOps.HelpBuilder.Tests.Cmdlets.Thing", "System.Boolean"], Get.Outputs.Order(StringComparer.Ordinal));
        Assert.Equal(["Some.Thing", "Other.Thing"], Workbench.Command("Find-Thing").Outputs);
        Assert.Empty(Workbench.Command("Remove-Thing").Outputs);
    }

    [Fact]
    public void Rights_are_gathered_by_resource() => Assert.Equal(["get, list on things.example.org", "list on pods"], Get.Rights);

    private static ParameterModel Parameter(CommandModel command, string name) => Assert.Single(command.Parameters, p => p.Name == name);
}
