using System.Management.Automation;

namespace HomelabOps.HelpBuilder.Tests.Cmdlets;

public abstract class FakeCommand : PSCmdlet
{
    [Parameter]
    [SupportsWildcards]
    public string[]? Context { get; set; }

    [Parameter(DontShow = true)]
    [PSDefaultValue(Help = "as the words say")]
    public SwitchParameter Secret { get; set; }

    public string? NoParameter { get; set; }
}

public enum Colour
{
    Red = 2,
    Green = 1,
}

public sealed record Thing(string Name);

[Cmdlet(VerbsCommon.Get, "Thing", DefaultParameterSetName = "ByName", HelpUri = "https://example.org/Get-Thing")]
[OutputType(typeof(Thing))]
[OutputType(typeof(bool), ParameterSetName = ["ByObject"])]
[RequiresAccess("get", "example.org", "things")]
[RequiresAccess("list", "example.org", "things")]
[RequiresAccess("list", "", "pods")]
public sealed class GetThingCommand : FakeCommand
{
    [Parameter(ParameterSetName = "ByName", Position = 0, Mandatory = true)]
    [Parameter(ParameterSetName = "ByOther")]
    [SupportsWildcards]
    [Alias("Title", "N")]
    public string[] Name { get; set; } = [];

    [Parameter(ParameterSetName = "ByObject", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Thing[] InputObject { get; set; } = [];

    [Parameter]
    [ValidateSet("Small", "Large")]
    public string? Size { get; set; }

    [Parameter]
    public Colour? Colour { get; set; }

    [Parameter]
    public int TimeoutSeconds { get; set; } = 300;
}

[Cmdlet(VerbsCommon.Remove, "Thing", SupportsShouldProcess = true, HelpUri = "https://example.org/Remove-Thing")]
public sealed class RemoveThingCommand : FakeCommand
{
    [Parameter(Position = 0, Mandatory = true)]
    public string Name { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public IDictionary<string, int?>? Limit { get; set; }
}

[Cmdlet(VerbsCommon.Find, "Thing", SupportsPaging = true)]
[OutputType("Some.Thing", "Other.Thing")]
[OutputType(typeof(void))]
public sealed class FindThingCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }
}
