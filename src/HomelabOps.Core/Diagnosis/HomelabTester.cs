using System.Runtime.CompilerServices;
using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Diagnosis;

/// <summary>Runs all checks over one snapshot of a homelab, and tells what is wrong by its causes.</summary>
internal static class HomelabTester
{
    private static readonly IHomelabCheck[] Checks =
    [
        new ApiCheck(), new NodeCheck(), new NamespaceCheck(), new LinkCheck(), new MountCheck(), new ClaimCheck(), new PodCheck(), new WorkloadCheck(), new OperationCheck(), new MetalLBCheck(), new ReplicationCheck(), new FluxCheck(), new ServiceCheck(),
        new IngressCheck(), new IngressReferenceCheck(), new ControllerCheck(), new ResourceCheck(), new CertificateCheck(), new AddressPoolCheck(), new FluxControllerCheck(), new DnsCheck(), new PlainSecretCheck(),
    ];

    /// <summary>Gives the findings, the worst first.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="query">What is wanted.</param>
    /// <param name="cancellationToken">Ends everything; pods that look at nodes are deleted all the same.</param>
    /// <exception cref="HomelabException">AuthenticationFailed and what else ends every request.</exception>
    public static async IAsyncEnumerable<Streamed<HomelabFinding>> TestAsync(ClusterClient client, HomelabTestQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new SnapshotReader(client, query);
        var snapshot = await reader.ReadAsync(cancellationToken);
        foreach (var notice in reader.Notices)
        {
            yield return notice;
        }

        foreach (var missing in KnownApps.Missing(snapshot, query.Apps))
        {
            yield return missing;
        }

        foreach (var finding in Find(snapshot, query))
        {
            yield return finding;
        }
    }

    /// <summary>The findings of a snapshot.</summary>
    public static IEnumerable<HomelabFinding> Find(HomelabSnapshot snapshot, HomelabTestQuery query) => Choose(snapshot, query).Select(chosen => chosen.Finding);

    /// <summary>The findings of a snapshot, each with what it is known by in the next one.</summary>
    public static IEnumerable<ChosenFinding> Choose(HomelabSnapshot snapshot, HomelabTestQuery query) =>
        new FindingSelection(query).Choose(new CauseGraph([.. Checks.SelectMany(check => check.Check(snapshot))]).Explain());
}
