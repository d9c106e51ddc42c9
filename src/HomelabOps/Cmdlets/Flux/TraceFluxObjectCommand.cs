using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core.Flux.Tracing;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Cmdlets.Flux;

/// <summary>Shows where objects come from: what applies them, from which source and commit, and in which file and line they are written.</summary>
[Cmdlet(VerbsDiagnostic.Trace, "FluxObject", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Trace-FluxObject.md")]
[OutputType(typeof(FluxTrace))]
[RequiresAccess("get,list", "*", "*")]
[RequiresAccess("get", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("get,list", "kustomize.toolkit.fluxcd.io", "*")]
[RequiresAccess("get,list", "helm.toolkit.fluxcd.io", "*")]
[RequiresAccess("get", "", "secrets")]
public sealed class TraceFluxObjectCommand : ObjectCmdlet
{
    /// <summary>Kind, plural or short name, with or without its group.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(KindCompleter))]
    public string? Kind { get; set; }

    /// <summary>Folder of the Git working copy.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Repository { get; set; }

    private protected override void Process()
    {
        if (ParameterSetName == ByName)
        {
            DrainClusters((client, stop) => Trace(client, new RawObjectQuery { Objects = Objects, Kind = Kind }, stop));
            return;
        }

        if (Piped.Typed(InputObject) is null && Piped.Subject(InputObject) is null)
        {
            throw Core.Errors.NotAReference(Piped.Unwrap(InputObject));
        }

        CollectNamed(_ => true, "objects");
    }

    // Together, so that what they have in common is read once.
    private protected override void End() => DrainCollected((client, names, stop) => Trace(
        client, new RawObjectQuery { Objects = new ObjectQuery { Names = [.. names.DistinctBy(name => name.Text)], Namespaces = NamespacesOf(names) }, Kind = Kind }, stop));

    private IAsyncEnumerable<Streamed<FluxTrace>> Trace(ClusterClient client, RawObjectQuery query, CancellationToken stop) =>
        FluxTracer.ReadAsync(client, query, Folder(client), stop);

    private string? Folder(ClusterClient client)
    {
        if (FullPath(Repository) is { } typed)
        {
            return Directory.Exists(typed) ? typed : throw Core.Errors.PathNotFound(Repository!);
        }

        return RepositoryFolder.Of(client, Config());
    }
}
