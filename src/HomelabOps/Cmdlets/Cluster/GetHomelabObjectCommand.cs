using System.Management.Automation;
using HomelabOps.Binding;
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
public sealed class GetHomelabObjectCommand : ObjectCmdlet
{
    private readonly List<ResourceReference> _references = [];
    private bool _first = true;

    /// <summary>Kind, plural or short name, with or without its group.</summary>
    [Parameter(ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(KindCompleter))]
    public string? Kind { get; set; }

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
            var query = Query(Objects) with { Kind = Kind };
            DrainClusters((client, token) => ObjectReader.ReadAsync(client, query, token), Write);
            return;
        }

        _references.Add(Piped.Reference(InputObject) ?? throw Core.Errors.NotAReference(Piped.Unwrap(InputObject)));
    }

    private protected override void End()
    {
        // Together, so that what is piped costs no more than it must; in the order in which it came.
        foreach (var cluster in _references.GroupBy(reference => ClusterOf(reference.Cluster), StringComparer.Ordinal))
        {
            var query = Query(new ObjectQuery { Names = [.. cluster.Select(reference => new ResourcePattern(reference))] });
            DrainSeparately(ClientsOf(cluster.Key), (client, token) => ObjectReader.ReadAsync(client, query, token), Write);
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
