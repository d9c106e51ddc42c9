using System.Management.Automation;
using HomelabOps.Completion;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Rendering;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Gives whole objects of any kind.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabObject", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-HomelabObject.md")]
[OutputType(typeof(PSObject), typeof(string))]
[RequiresAccess("get,list", "*", "*")]
[RequiresAccess("list", "", "events")]
public sealed class GetHomelabObjectCommand : ClusterCmdlet
{
    private const string ByName = "Name";
    private const string ByReference = "InputObject";

    private readonly List<ResourceReference> _references = [];
    private bool _first = true;

    /// <summary>Names: <c>name</c>, <c>namespace/name</c>, <c>Kind/name</c> or <c>Kind/namespace/name</c>.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    [SupportsWildcards]
    public ResourcePattern[] Name { get; set; } = [];

    /// <summary>Kind, plural or short name, with or without its group.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(KindCompleter))]
    public string? Kind { get; set; }

    /// <summary>Namespaces.</summary>
    [Parameter(ParameterSetName = ByName, ValueFromPipelineByPropertyName = true)]
    [Alias("Ns")]
    [ValidateNotNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [SupportsWildcards]
    public string[] Namespace { get; set; } = [];

    /// <summary>Label selector.</summary>
    [Parameter(ParameterSetName = ByName)]
    [Alias("l")]
    public string? Selector { get; set; }

    /// <summary>A record or a reference.</summary>
    [Parameter(ParameterSetName = ByReference, Mandatory = true, ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>Text instead of objects.</summary>
    [Parameter]
    public SwitchParameter AsYaml { get; set; }

    /// <summary>With the events about each object.</summary>
    [Parameter]
    public SwitchParameter IncludeEvent { get; set; }

    /// <summary>With metadata.managedFields.</summary>
    [Parameter]
    public SwitchParameter ShowManagedFields { get; set; }

    private protected override void Process()
    {
        if (ParameterSetName == ByName)
        {
            var query = Query(new ObjectQuery { Names = Name, Namespaces = Namespace, Selector = Selector }) with { Kind = Kind };
            DrainClusters((client, token) => ObjectReader.ReadAsync(client, query, token), Write);
            return;
        }

        var input = InputObject is PSObject wrapped ? wrapped.BaseObject : InputObject;
        _references.Add(input switch
        {
            HomelabRecord record => record.Reference,
            ResourceReference reference => reference,
            _ => throw Core.Errors.NotAReference(input),
        });
    }

    private protected override void End()
    {
        // Together, so that what is piped costs no more than it must; in the order in which it came.
        foreach (var cluster in _references.GroupBy(reference => reference.Cluster, StringComparer.Ordinal))
        {
            var query = Query(new ObjectQuery { Names = [.. cluster.Select(reference => new ResourcePattern(reference))] });
            DrainClusters((client, token) => ObjectReader.ReadAsync(client, query, token), Write, string.IsNullOrEmpty(cluster.Key) ? Context : [cluster.Key]);
        }
    }

    private RawObjectQuery Query(ObjectQuery objects) => new()
    {
        Objects = objects,
        IncludeEvents = IncludeEvent,
        ShowManagedFields = ShowManagedFields,
    };

    private void Write(RawObject item)
    {
        if (!AsYaml)
        {
            WriteObject(RawObjects.ToPSObject(item));
            return;
        }

        // Several documents in one file need the line between them.
        WriteObject((_first ? "" : "---\n") + YamlText.Of(item));
        _first = false;
    }
}
