using System.Management.Automation;
using System.Reflection;
using HomelabOps.Testing;

namespace HomelabOps.Module.Tests;

/// <summary>What holds for every cmdlet, whatever it does.</summary>
[Collection(nameof(ProcessWide))]
public sealed class CmdletContractTests : IDisposable
{
    // Only these may bind by property name: a node's Name must not become a pod's.
    private static readonly string[] MayBindByPropertyName = ["Context", "Namespace"];

    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Manifest_and_assembly_name_the_same_cmdlets()
    {
        var exported = _engine.Run("(Get-Command -Module HomelabOps).Name").ThrowIfFailed().Strings;

        Assert.Equal(Manifest("CmdletsToExport").Order(StringComparer.Ordinal), exported.Order(StringComparer.Ordinal));
        Assert.Equal(Commands().Count, Assembly().GetExportedTypes().Count(type => type.GetCustomAttribute<CmdletAttribute>() is not null));
    }

    [Fact]
    public void The_manifest_says_what_a_gallery_asks_for()
    {
        var data = _engine.Run("(Get-Module HomelabOps).PrivateData.PSData").ThrowIfFailed().Output.Single();
        var module = _engine.Run("Get-Module HomelabOps").ThrowIfFailed().Output.Single();

        Assert.All(new[] { "Tags", "LicenseUri", "ProjectUri", "ReleaseNotes" }, key => Assert.NotNull(((System.Collections.Hashtable)data.BaseObject)[key]));
        Assert.False(string.IsNullOrEmpty((string)module.Properties["Description"].Value));
        Assert.Equal(["Core"], (IEnumerable<string>)module.Properties["CompatiblePSEditions"].Value);
    }

    [Fact]
    public void Every_cmdlet_is_sealed_and_declares_output_help_and_rights() =>
        Assert.All(Commands(), command =>
        {
            Assert.True(command.ImplementingType.IsSealed, command.Name);
            Assert.NotEmpty(command.OutputType);
            Assert.EndsWith($"/{command.Name}.md", command.ImplementingType.GetCustomAttribute<CmdletAttribute>()!.HelpUri, StringComparison.Ordinal);
            Assert.Contains(command.ImplementingType.GetCustomAttributesData(), data => data.AttributeType.Name == "RequiresAccessAttribute");
        });

    [Fact]
    public void Every_cmdlet_that_is_not_a_reader_supports_WhatIf_unless_it_only_concerns_the_session() =>
        Assert.All(
            Commands().Where(command => command.Verb is not ("Get" or "Test" or "Connect" or "Disconnect" or "Compare" or "Trace" or "Wait" or "Enter" or "Export")),
            command => Assert.Contains("WhatIf", command.Parameters.Keys));

    [Fact]
    public void The_page_about_security_names_those_that_ask_by_themselves()
    {
        var sentence = File.ReadLines(Path.Combine(Build.RepositoryRoot, "docs", "SECURITY.md")).Single(line => line.Contains("These ask first", StringComparison.Ordinal)).Split(". ").Single(part => part.StartsWith("These ask first", StringComparison.Ordinal));
        var asking = Commands().Where(command => command.ImplementingType.GetCustomAttribute<CmdletAttribute>()!.ConfirmImpact == ConfirmImpact.High).Select(command => command.Name);
        Assert.Equal(asking.Order(StringComparer.Ordinal), sentence.Split('`').Where((_, at) => at % 2 == 1).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Who_takes_names_of_applications_takes_applications() =>
        Assert.All(Parameters().Where(item => item.Parameter.Name == "App" && (item.Parameter.ParameterType.GetElementType() ?? item.Parameter.ParameterType) == typeof(string)), item =>
            Assert.Contains(item.Parameter.Attributes, attribute => attribute.GetType().Name == "AppNamesAttribute"));

    [Fact]
    public void Only_cluster_and_namespace_bind_by_property_name() =>
        Assert.All(Parameters(), item =>
        {
            if (item.Parameter.ParameterSets.Values.Any(set => set.ValueFromPipelineByPropertyName))
            {
                Assert.Contains(item.Parameter.Name, MayBindByPropertyName);
            }
        });

    [Fact]
    public void Whatever_comes_by_pipe_comes_as_InputObject() =>
        Assert.All(Parameters(), item =>
        {
            if (item.Parameter.ParameterSets.Values.Any(set => set.ValueFromPipeline))
            {
                Assert.Equal("InputObject", item.Parameter.Name);
            }
        });

    [Fact]
    public void What_binds_by_property_name_never_replaces_the_record_itself() =>
        Assert.All(
            Commands().Where(command => command.Verb != VerbsCommon.New && command.Parameters.ContainsKey("Namespace")),
            command => Assert.Contains("InputObject", command.Parameters.Keys));

    [Fact]
    public void Types_of_parameters_and_outputs_can_be_named_in_every_runspace()
    {
        Assert.All(Parameters(), item => AssertPublicType(item.Parameter.ParameterType, $"{item.Command} -{item.Parameter.Name}"));
        Assert.All(Commands().SelectMany(command => command.OutputType.Select(output => (command.Name, output.Type))), output => AssertPublicType(output.Type, output.Name));
    }

    [Fact]
    public void Every_cluster_cmdlet_takes_a_kubeconfig_and_a_context_that_is_also_called_Cluster() =>
        Assert.All(Commands().Where(command => command.ImplementingType.BaseType!.Name != "HomelabCmdlet"), command =>
        {
            Assert.Contains("KubeConfig", command.Parameters.Keys);
            Assert.Contains("Cluster", command.Parameters["Context"].Aliases);
        });

    [Fact]
    public void Every_parameter_that_names_objects_completes() =>
        Assert.All(Parameters().Where(item => item.Parameter.Name is "Context" or "Namespace" or "Name" or "Node" or "App" or "Kind" or "For" or "Container" or "Pod").Where(item => !IsOfNew(item.Command, item.Parameter) && !(item.Parameter.ParameterType.GetElementType() ?? item.Parameter.ParameterType).IsEnum), item =>
            Assert.Contains(item.Parameter.Attributes, attribute => attribute is ArgumentCompleterAttribute));

    [Fact]
    public void Every_output_of_ours_has_a_view()
    {
        var outputs = Commands().SelectMany(command => command.OutputType).Select(output => output.Type).Where(type => type.Assembly == ModelAssembly()).Distinct();
        var views = Directory.GetFiles(Build.Module, "*.Format.ps1xml", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();

        Assert.All(outputs, type => Assert.Contains(views, view => view.Contains($"<TypeName>{type.FullName}</TypeName>", StringComparison.Ordinal)));
    }

    [Fact]
    public void Types_ps1xml_names_only_types_of_Model()
    {
        var names = System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(Path.Combine(Build.Module, "HomelabOps.Types.ps1xml")), @"HomelabOps\.\w+", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Select(match => match.Value).ToHashSet();

        Assert.All(names.Where(name => name != "HomelabOps.Model"), name => Assert.NotNull(ModelAssembly().GetType(name)));
    }

    // The name of what is not there yet.
    private static bool IsOfNew(string command, ParameterMetadata parameter) => command.StartsWith("New-", StringComparison.Ordinal) && parameter.Name == "Name";

    private static void AssertPublicType(Type type, string where)
    {
        var element = Nullable.GetUnderlyingType(type) ?? type.GetElementType() ?? type;
        var isNameable = element.Assembly == ModelAssembly() || element.Assembly == typeof(object).Assembly || element.Assembly == typeof(Uri).Assembly || element.Assembly == typeof(PSObject).Assembly;
        Assert.True(isNameable, $"{where}: {type}");
    }

    private static Assembly ModelAssembly() => AppDomain.CurrentDomain.GetAssemblies().Single(assembly => assembly.GetName().Name == "HomelabOps.Model");

    private Assembly Assembly() => Commands()[0].ImplementingType.Assembly;

    private List<CmdletInfo> Commands() =>
        [.. _engine.Run("Get-Command -Module HomelabOps").ThrowIfFailed().Output.Select(item => (CmdletInfo)item.BaseObject)];

    private IEnumerable<(string Command, ParameterMetadata Parameter)> Parameters() => Commands()
        .SelectMany(command => command.Parameters.Values.Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name) && !Cmdlet.OptionalCommonParameters.Contains(parameter.Name))
            .Select(parameter => (command.Name, parameter)));

    private IEnumerable<string> Manifest(string key) =>
        ((object[])((System.Collections.Hashtable)_engine.Run("$text = [System.IO.File]::ReadAllText($path); & ([scriptblock]::Create($text))", ("path", Build.Manifest)).ThrowIfFailed().Output.Single().BaseObject)[key]!).Cast<string>();
}
