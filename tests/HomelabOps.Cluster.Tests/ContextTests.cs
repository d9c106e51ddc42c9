using System.Diagnostics;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Connecting to the lab in its several ways, and several contexts of which one is dead.</summary>
public sealed class ContextTests : ClusterTest
{
    private readonly TemporaryFolder _folder = new();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("-cert", true)]
    [InlineData("-restricted", true)]
    public void Every_way_to_log_in_connects(string variant, bool hasCertificate)
    {
        var connection = Run("Connect-Homelab $file", ("file", Lab.KubeConfig + variant)).ThrowIfFailed().Output.Single();

        Assert.StartsWith("v1.", (string)connection.Properties["KubernetesVersion"].Value, StringComparison.Ordinal);
        Assert.Equal(new Uri(Lab.Field("server")), connection.Properties["Server"].Value);
        Assert.Equal(hasCertificate, connection.Properties["ClientCertificateNotAfter"].Value is DateTime);
        Assert.True((DateTime)connection.Properties["ServerCertificateNotAfter"].Value > DateTime.Now);
    }

    [Fact]
    public void A_wrong_token_is_refused_and_never_shown()
    {
        var file = _folder.File("config", KubeConfigs.Of(Lab.Field("server"), $"certificate-authority: {Lab.Field("certificate-authority")}", "token: not-the-token"));

        var result = Run("Connect-Homelab $file", ("file", file));

        Assert.Equal(["AuthenticationFailed"], result.ErrorIds);
        Assert.DoesNotContain("not-the-token", result.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(["AuthenticationFailed"], Run("Get-HomelabPod -KubeConfig $file", ("file", file)).ErrorIds);
    }

    [Fact]
    public void Verification_is_switched_off_only_by_the_kubeconfig_and_with_a_warning()
    {
        var file = _folder.File("config", KubeConfigs.Of(Lab.Field("server"), "insecure-skip-tls-verify: true", $"token: {Lab.Field("token")}"));

        Assert.Single(Run("Connect-Homelab $file", ("file", file)).ThrowIfFailed().Warnings);
        Assert.Single(Run("Get-HomelabNode k3s-w1 -KubeConfig $file", ("file", file)).ThrowIfFailed().Warnings);
    }

    [Fact]
    public void A_certificate_of_another_authority_is_not_trusted()
    {
        var file = _folder.File("config", KubeConfigs.Of(Lab.Field("server"), "", $"token: {Lab.Field("token")}"));

        Assert.Equal(["ServerCertificateUntrusted"], Run("Connect-Homelab $file", ("file", file)).ErrorIds);
    }

    [Theory]
    [InlineData("Get-HomelabNode -Context * -KubeConfig $file", "k3s-w1,k3s-w2")]
    [InlineData("Get-HomelabPod -App ticker -Namespace media -Context left-MARK, right-MARK, dead-MARK -KubeConfig $file | ForEach-Object { @{ Name = $_.App; Cluster = $_.Cluster } }", "ticker")]
    [InlineData("Get-FluxKustomization apps -Namespace flux-system -Context * -KubeConfig $file", "apps")]
    public void One_dead_cluster_is_one_error_and_the_others_are_read(string script, string names)
    {
        // Within a process a name belongs to the kubeconfig that came with it first.
        var mark = $"{Guid.NewGuid():N}"[..6];
        var file = _folder.File("config", KubeConfigs.WithDead([$"left-{mark}", $"right-{mark}"], [$"dead-{mark}"]));

        var result = Run($"{script.Replace("MARK", mark, StringComparison.Ordinal)} | ForEach-Object {{ '{{0}}:{{1}}' -f $_.Cluster, $_.Name }}", ("file", file));

        Assert.Equal(["ClusterUnreachable"], result.ErrorIds);
        Assert.Contains($"dead-{mark}", result.Errors[0].ToString(), StringComparison.Ordinal);
        var expected = new[] { $"left-{mark}", $"right-{mark}" }.SelectMany(cluster => names.Split(',').Select(name => $"{cluster}:{name}"));
        Assert.Equal(expected, result.Strings.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_record_leads_back_to_the_cluster_that_it_came_from()
    {
        var file = _folder.File("config", KubeConfigs.WithDead(["near", "far"], ["gone"]));

        var result = Run("Get-HomelabNode k3s-w1 -Context far -KubeConfig $file | Get-HomelabPod -Namespace media | ForEach-Object { $_.Cluster }", ("file", file)).ThrowIfFailed();

        Assert.Equal(["far"], result.Strings.Distinct());
    }

    [Fact]
    public void All_dead_clusters_are_an_error_each()
    {
        var file = _folder.File("config", KubeConfigs.WithDead(["alive"], ["dead1", "dead2"]));

        Assert.Equal(["ClusterUnreachable", "ClusterUnreachable"], Run("Get-HomelabPod -Context dead* -KubeConfig $file", ("file", file)).ErrorIds);
    }

    [Fact]
    public void A_closed_port_is_told_without_delay()
    {
        var file = _folder.File("config", KubeConfigs.Of($"https://127.0.0.1:{LoopbackServer.ClosedPort()}"));
        var clock = Stopwatch.StartNew();

        Assert.Equal(["ClusterUnreachable"], Run("Connect-Homelab $file", ("file", file)).ErrorIds);

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15), $"{clock.Elapsed}");
    }
}
