using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Nodes, pods and events of the lab with its fixtures.</summary>
public sealed class NodeAndPodTests : ClusterTest
{
    [Fact]
    public void Both_nodes_are_ready_with_role_and_disk()
    {
        var nodes = Run("Get-HomelabNode k3s-w*").ThrowIfFailed().Output;

        Assert.Equal(["k3s-w1", "k3s-w2"], nodes.Select(node => (string)node.Properties["Name"].Value));
        Assert.All(nodes, node =>
        {
            Assert.True((bool)node.Properties["Ready"].Value);
            Assert.True((long)node.Properties["DiskTotal"].Value > (long)node.Properties["DiskFree"].Value);
        });
        Assert.Equal(["primary", "backup"], Run("(Get-HomelabNode k3s-w*).Labels.role").ThrowIfFailed().Strings);
        Assert.Equal(["k3s-w2"], Run("(Get-HomelabNode -Selector role=backup).Name").ThrowIfFailed().Strings);
    }

    [Fact]
    public void Pods_are_found_by_node_application_and_health()
    {
        Assert.Equal(["ticker"], Run("(Get-HomelabPod -Ns media -App tick*).App").ThrowIfFailed().Strings);
        Assert.All(Run("Get-HomelabNode k3s-w1 | Get-HomelabPod").ThrowIfFailed().Values("Node"), node => Assert.Equal("k3s-w1", node));
        Assert.All(Run("Get-HomelabPod -Node (Get-HomelabNode k3s-w1)").ThrowIfFailed().Values("Node"), node => Assert.Equal("k3s-w1", node));

        var unhealthy = Run("(Get-HomelabPod -Namespace med* -Unhealthy).App").ThrowIfFailed().Strings.ToList();

        Assert.Contains("imageless", unhealthy);
        Assert.DoesNotContain("ticker", unhealthy);
    }

    [Fact]
    public void A_pod_tells_its_owner_and_why_it_is_not_well()
    {
        var pod = Run("Get-HomelabPod -Ns media -App imageless").ThrowIfFailed().Output.Single();

        Assert.Equal("Deployment/media/imageless", pod.Properties["Owner"].Value.ToString());
        Assert.Equal("ErrImageNeverPull", pod.Properties["Status"].Value);
        Assert.Equal("ErrImageNeverPull", pod.Properties["Reason"].Value);
        Assert.Contains("not present", (string)pod.Properties["Message"].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_leads_to_no_pods_is_a_warning()
    {
        var result = Run("Get-FluxSource | Get-HomelabPod").ThrowIfFailed();

        Assert.Empty(result.Output);
        Assert.Contains(result.Warnings, warning => warning.Contains("GitRepository/flux-system/flux-system", StringComparison.Ordinal));
    }

    [Fact]
    public void Events_are_about_what_was_asked_for_and_sorted_by_time()
    {
        var events = Run("Get-HomelabPod -Ns media -App crasher | Get-HomelabEvent").ThrowIfFailed();
        var times = events.Values("Time").Cast<DateTime>().ToList();

        Assert.NotEmpty(times);
        Assert.Equal(times.Order(), times);
        Assert.All(events.Values("Target"), target => Assert.StartsWith("Pod/media/crasher-", target!.ToString(), StringComparison.Ordinal));
        Assert.All(Run("Get-HomelabEvent -Ns media -Warning").ThrowIfFailed().Values("Type"), type => Assert.Equal("Warning", type));
    }

    [Theory]
    [InlineData("Get-HomelabNode no-such", "NodeNotFound")]
    [InlineData("Get-HomelabPod no-such", "PodNotFound")]
    [InlineData("Get-HomelabPod no-such -Namespace media", "PodNotFound")]
    [InlineData("Get-HomelabPod -Node no-such", "NodeNotFound")]
    [InlineData("Get-HomelabPod -Node k3s-w1, no-such -Namespace media | ForEach-Object { }", "NodeNotFound")]
    [InlineData("Get-HomelabPod -App no-such", "AppNotFound")]
    [InlineData("Get-HomelabPod -Unhealthy -App ticker, no-such", "AppNotFound")]
    [InlineData("Get-HomelabPod -Namespace no-such", "NamespaceNotFound")]
    [InlineData("Get-HomelabPod -Namespace no-such -App ticker", "NamespaceNotFound")]
    [InlineData("Get-HomelabEvent -Namespace no-such", "NamespaceNotFound")]
    [InlineData("Get-HomelabLog -Namespace no-such", "NamespaceNotFound")]
    [InlineData("Get-HomelabUsage -Pod * -Namespace no-such", "NamespaceNotFound")]
    [InlineData("Get-HomelabObject -Kind Pod -Namespace no-such", "NamespaceNotFound")]
    [InlineData("Get-FluxStatus -Namespace no-such", "NamespaceNotFound")]
    [InlineData("Get-FluxSource -Namespace no-such, flux-system | ForEach-Object { }", "NamespaceNotFound")]
    [InlineData("Get-HomelabEvent -For no-such", "EventNotFound")]
    [InlineData("Get-HomelabEvent -For Pod/media/no-such", "PodNotFound")]
    [InlineData("Get-HomelabEvent -For Pod/no-such", "PodNotFound")]
    [InlineData("Get-HomelabEvent -For Node/no-such -Warning", "NodeNotFound")]
    [InlineData("Get-HomelabEvent -For Pood/no-such", "KindNotFound")]
    [InlineData("Get-HomelabPod -Name $null", "ParameterArgumentValidationError")]
    [InlineData("Get-HomelabPod -Context no-such*", "ContextNotFound")]
    [InlineData("Get-HomelabPod -Context $null", "ContextEmpty")]
    [InlineData("Get-HomelabPod -Context ''", "ContextEmpty")]
    [InlineData("Get-HomelabPod -KubeConfig ''", "ParameterArgumentValidationError")]
    [InlineData("Get-HomelabPod -Selector '!!'", "RequestInvalid")]
    [InlineData("Get-HomelabPod ..", "CannotConvertArgumentNoMessage")]
    [InlineData("Get-HomelabPod media/.", "CannotConvertArgumentNoMessage")]
    [InlineData("Get-HomelabPod -Namespace ..", "NamespaceNotFound")]
    [InlineData("Get-HomelabPod -Namespace .", "NamespaceNotFound")]
    [InlineData("Get-HomelabPod -Namespace a/b", "NamespaceNotFound")]
    [InlineData("Get-HomelabPod -Node ..", "NodeNotFound")]
    [InlineData("Get-FluxStatus -Namespace ..", "NamespaceNotFound")]
    [InlineData("Get-HomelabObject apps -Kind Kustomization -Namespace ..", "KustomizationNotFound")]
    [InlineData("[HomelabOps.ResourceReference]::new('', 'Pod', 'media', '..') | Get-HomelabObject", "PodNotFound")]
    [InlineData("[HomelabOps.ResourceReference]::new('', 'Node', '', '..') | Get-HomelabNode", "NodeNotFound")]
    [InlineData("[HomelabOps.ResourceReference]::new('', 'Pod', '..', '..') | Get-HomelabPod", "PodNotFound")]
    [InlineData("Get-HomelabPod a/b/c/d", "CannotConvertArgumentNoMessage")]
    public void Bad_input_is_one_clear_error(string script, string id) => Assert.Equal([id], Run(script).ErrorIds);

    [Theory]
    [InlineData("Get-HomelabPod -Node no-such*")]
    [InlineData("Get-HomelabPod -App no-such*")]
    [InlineData("Get-HomelabPod -Namespace no-such*")]
    [InlineData("Get-HomelabPod -Namespace kube-node-lease")]
    [InlineData("Get-HomelabPod -Node k3s-w2 -App ticker")]
    [InlineData("Get-HomelabEvent -Namespace kube-node-lease")]
    [InlineData("Get-HomelabEvent -For no-such*")]
    [InlineData("Get-HomelabEvent -For ConfigMap/kube-root-ca.crt")]
    [InlineData("Get-HomelabEvent -For Namespace/media")]
    [InlineData("Get-HomelabEvent -For no-such -Warning")]
    [InlineData("Get-HomelabObject ConfigMap/media/kube-root-ca.crt | Get-HomelabEvent")]
    [InlineData("Get-FluxStatus -Namespace kube-node-lease")]
    public void What_exists_and_has_nothing_to_show_is_no_error(string script) => Assert.Empty(Run(script).ThrowIfFailed().Output);

    [Fact]
    public void Who_may_read_one_namespace_only_is_told_so()
    {
        var file = ("file", (object?)Lab.Variant("restricted"));

        Assert.NotEmpty(Run("Get-HomelabPod -Namespace media -KubeConfig $file", file).ThrowIfFailed().Output);
        var denied = Run("Get-HomelabPod -KubeConfig $file", file);
        Assert.Equal(["AccessDenied"], denied.ErrorIds);
        Assert.Contains("-Namespace", denied.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_expired_certificate_is_named_with_its_date()
    {
        var result = Run("Get-HomelabNode -KubeConfig $file", ("file", Lab.Variant("expired")));

        Assert.Equal(["CertificateExpired"], result.ErrorIds);
        Assert.Contains("2020-01-02", result.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_certificate_from_files_works() =>
        Assert.NotEmpty(Run("Get-HomelabNode -KubeConfig $file", ("file", Lab.Variant("cert"))).ThrowIfFailed().Output);

    [Fact]
    public void The_pipeline_may_end_early() =>
        Assert.Single(Run("foreach ($i in 1) { Get-HomelabPod | ForEach-Object { $_; break } }").ThrowIfFailed().Output);

    [Theory]
    [InlineData("Get-HomelabPod -Watch")]
    [InlineData("Get-HomelabEvent -Watch")]
    public void Watching_ends_on_Ctrl_C(string script) =>
        Assert.True(StopAfter(TimeSpan.FromSeconds(2), script) < TimeSpan.FromSeconds(2));
}
