using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HomelabOps.Core.Diagnosis;
using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Nodes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Kubernetes.Logs;
using HomelabOps.Core.Tests.Diagnosis.Checks;

namespace HomelabOps.Core.Tests.Diagnosis.Nodes;

/// <summary>The certificates that k3s keeps on its nodes.</summary>
public sealed class NodeCertificateTests
{
    private static readonly DateTimeOffset Now = new(DateTimeOffset.UtcNow.Date, TimeSpan.Zero);
    private static readonly ResourceReference Node = new(Made.Cluster, "Node", "", "w1");

    [Fact]
    public void A_report_gives_the_leaves_by_their_paths_and_passes_over_what_is_none()
    {
        var text = $"sh: warning\n@file agent/client-kubelet.crt\n{Pem(20)}\n@file agent/server-ca.crt\n{Pem(5, isAuthority: true)}\n@file agent/empty.crt\n@file agent/binary.crt\n\0\u0001garbage\n@file agent/serving-kubelet.crt\n{Pem(40)}\n@end";
        var found = NodeCertificateReport.Parse(text.Split('\n').Select(line => new LogEntry(null, line)));
        Assert.Equal([("/var/lib/rancher/k3s/agent/client-kubelet.crt", Now.AddDays(20)), ("/var/lib/rancher/k3s/agent/serving-kubelet.crt", Now.AddDays(40))], found);
        Assert.Empty(NodeCertificateReport.Parse([new(null, "@end")]));
    }

    [Fact]
    public void A_report_without_an_end_or_of_any_length_is_bounded()
    {
        var lines = Enumerable.Repeat(new LogEntry(null, new string('x', 1000)), 5000).Prepend(new(null, "@file agent/a.crt"));
        Assert.Empty(NodeCertificateReport.Parse(lines));
        Assert.True(NodeCertificateReport.Parse(Enumerable.Repeat($"@file agent/a.crt\n{Pem(9)}", 500).SelectMany(text => text.Split('\n')).Select(line => new LogEntry(null, line))).Count <= 200);
    }

    [Theory]
    [InlineData(31, "")]
    [InlineData(29, "Warning NodeCertificateEnds Node/w1")]
    [InlineData(-1, "Error NodeCertificateEnds Node/w1")]
    public void What_ends_within_a_month_is_told_with_the_files_and_what_to_restart(int days, string expected)
    {
        var facts = NodeCertificateReader.Facts(Node, [("/var/lib/rancher/k3s/agent/a.crt", Now.AddDays(days)), ("/var/lib/rancher/k3s/agent/b.crt", Now.AddDays(days + 300))])!;
        var snapshot = new HomelabSnapshot { Cluster = Made.Cluster, Now = Now, Certificates = [facts] };
        Assert.Equal(expected.Length == 0 ? [] : [expected], new CertificateCheck().Findings(snapshot));
        if (expected.Length > 0)
        {
            var text = new CertificateCheck().Text(snapshot);
            Assert.Contains("systemctl restart k3s-agent", text, StringComparison.Ordinal);
            Assert.Contains("agent/a.crt", text, StringComparison.Ordinal);
            Assert.DoesNotContain("agent/b.crt", text, StringComparison.Ordinal);
        }

        Assert.Null(NodeCertificateReader.Facts(Node, []));
    }

    [Fact]
    public void What_the_server_shows_comes_from_its_node()
    {
        var ofNode = NodeCertificateReader.Facts(Node, [("/var/lib/rancher/k3s/agent/a.crt", Now.AddDays(9)), ("/var/lib/rancher/k3s" + NodeCertificateReader.OfServer, Now.AddDays(9))])!;
        var ofServer = new CertificateFacts(new(Made.Cluster, "Cluster", "", Made.Cluster), CertificateReader.OfServer, Now.AddDays(9));
        var found = Assert.Single(HomelabTester.Find(new() { Cluster = Made.Cluster, Now = Now, Certificates = [ofServer, ofNode] }, new()));
        Assert.Equal("NodeCertificateEnds", found.Reason);
        Assert.Equal(2, HomelabTester.Find(new() { Cluster = Made.Cluster, Now = Now, Certificates = [ofServer, ofNode with { Evidence = [] }] }, new()).Count());
    }

    [Fact]
    public async Task Of_each_file_only_the_first_certificate_is_written_and_never_a_key()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the script is for nodes");
        var folder = Directory.CreateTempSubdirectory("homelabops-k3s-");
        try
        {
            folder.CreateSubdirectory("agent");
            folder.CreateSubdirectory("server/tls/etcd");
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            await WriteAsync("agent/client-kubelet.crt", $"{key.ExportECPrivateKeyPem()}\n{Pem(20)}\n{Pem(5, isAuthority: true)}\n{key.ExportECPrivateKeyPem()}\n");
            await WriteAsync("agent/client-kubelet.key", key.ExportECPrivateKeyPem());
            await WriteAsync("server/tls/serving-kube-apiserver.crt", Pem(30));
            await WriteAsync("server/tls/etcd/server-client.crt", Pem(40) + "\n");
            var said = await RunAsync(folder.FullName);
            Assert.DoesNotContain("KEY", said, StringComparison.Ordinal);
            var found = NodeCertificateReport.Parse(said.Split('\n').Select(line => new LogEntry(null, line)));
            Assert.Equal([Now.AddDays(20), Now.AddDays(30), Now.AddDays(40)], found.Select(file => file.NotAfter).Order());
            Assert.Contains(found, file => file.Path.EndsWith(NodeCertificateReader.OfServer, StringComparison.Ordinal));
            Assert.Equal("@end\n", await RunAsync(folder.FullName + "/nowhere"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Task WriteAsync(string path, string text) => File.WriteAllTextAsync(Path.Combine(folder.FullName, path), text, TestContext.Current.CancellationToken);
    }

    private static async Task<string> RunAsync(string folder)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true, UseShellExecute = false };
        NodeCertificateScript.Command.Skip(1).SkipLast(1).Append(folder).ToList().ForEach(start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        return await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private static string Pem(int days, bool isAuthority = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=w1", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, hasPathLengthConstraint: false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(Now.AddDays(-300), Now.AddDays(days));
        return certificate.ExportCertificatePem();
    }
}
