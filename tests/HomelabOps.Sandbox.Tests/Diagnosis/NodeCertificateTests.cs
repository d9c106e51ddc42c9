using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;

namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>The certificates of k3s are read on its nodes.</summary>
public sealed class NodeCertificateTests(DiagnosedHomelab homelab) : IClassFixture<DiagnosedHomelab>
{
    private const string Worker = "k3s-w1";
    private const string Folder = "/var/lib/rancher/k3s";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_worker_and_of_a_server_those_that_end_soon_are_told()
    {
        await homelab.UntilNothingIsFoundAsync();
        Put(Worker, "agent/client-kubelet.crt", 10);
        Put(Worker, "agent/serving-kubelet.crt", 200);
        Put("k3s-cp1", "server/tls/client-admin.crt", 300);
        Put("k3s-cp1", "server/tls/etcd/client.crt", 12);
        var found = await FindAsync(links: true);
        Assert.Equal(["NodeCertificateEnds Node/k3s-cp1", "NodeCertificateEnds Node/k3s-w1"], found.Select(finding => $"{finding.Reason} {finding.Target}").Order(StringComparer.Ordinal));
        Assert.Equal([$"{Folder}/agent/client-kubelet.crt"], found.Single(finding => finding.Name == Worker).Evidence);

        // Where nobody may look into nodes nothing is known.
        Assert.Empty(await FindAsync(links: false));
    }

    // What was found there before may still be so, and a check on a schedule must not tell it as gone.
    [Fact]
    public async Task Of_a_node_that_is_down_or_does_not_answer_they_are_not_known()
    {
        await using var other = await EmbeddedHomelab.StartAsync(new SandboxOption { Apps = 1 }, Stop);
        Assert.Empty(await UnreadAsync());
        other.Nodes.Node(Worker).IsPowered = false;
        Assert.Equal([$"certificates of {Worker}"], await UnreadAsync());
        await Controllers.Cluster.UntilAsync(
            () =>
            {
                other.Clock.Advance(TimeSpan.FromSeconds(10));
                return Task.FromResult(Cells.Items(other.Host.Informer(Core.Kubernetes.ResourceType.Node).Find("", Worker), "status.conditions").Any(condition => Cells.Text(condition, "type") == "Ready" && Cells.Text(condition, "status") != "True"));
            },
            "the node is not ready");
        Assert.Equal([$"certificates of {Worker}"], await UnreadAsync());

        async Task<IEnumerable<string>> UnreadAsync()
        {
            var query = new HomelabTestQuery { Areas = [HomelabArea.Certificate], Config = DiagnosedHomelab.Config, Probe = new() { Timeout = TimeSpan.FromSeconds(3) } };
            return (await new SnapshotReader(other.Client, query).ReadAsync(Stop)).Unread.Select(part => part.Name).Where(name => name.StartsWith("certificates of ", StringComparison.Ordinal));
        }
    }

    private async Task<IReadOnlyList<HomelabFinding>> FindAsync(bool links)
    {
        var query = new HomelabTestQuery { Areas = [HomelabArea.Certificate], Config = DiagnosedHomelab.Config, Links = links };
        return [.. HomelabTester.Find(await new SnapshotReader(homelab.Homelab.Client, query).ReadAsync(Stop), query)];
    }

    private void Put(string node, string path, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=k3s", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-300), DateTimeOffset.UtcNow.AddDays(days));
        homelab.Homelab.Nodes.Node(node).Files.Disk.Set($"{Folder}/{path}", FileEntry.Text(certificate.ExportCertificatePem() + "\n"));
    }
}
