using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>What can be piped into what.</summary>
public sealed class PipingTests : ClusterTest
{
    private const string PodReference = "$pod = (Get-HomelabPod -Namespace media -App ticker).Reference;";

    // Within a process a name belongs to the kubeconfig that came with it first.
    private readonly string _mark = $"{Guid.NewGuid():N}"[..6];
    private readonly TemporaryFolder _folder = new();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Get-HomelabPod", "ticker")]
    [InlineData("Get-HomelabLog -Tail 1", "ticker")]
    [InlineData("Get-HomelabEvent", null)]
    [InlineData("Get-HomelabUsage", "ticker")]
    [InlineData("Get-HomelabObject | ForEach-Object { $_.metadata }", "ticker")]
    public void A_pod_comes_by_its_reference_its_log_or_its_whole_object(string reader, string? name)
    {
        string[] sources =
        [
            "$pod",
            "[HomelabOps.ResourceReference]::new($null, 'Pod', 'media', $pod.Name)",
            "($pod | Get-HomelabLog -Tail 1)",
            "($pod | Get-HomelabObject)",
        ];
        Assert.All(sources, source =>
        {
            var result = Run($"{PodReference} {source} | {reader} | ForEach-Object {{ $_.Name }}").ThrowIfFailed();

            Assert.Empty(result.Warnings);
            if (name is not null)
            {
                Assert.StartsWith(name, Assert.Single(result.Strings), StringComparison.Ordinal);
            }
        });
    }

    [Theory]
    [InlineData("Get-HomelabNode k3s-w1", "Get-HomelabNode", "k3s-w1")]
    [InlineData("Get-HomelabNode k3s-w1", "Get-HomelabUsage", "k3s-w1")]
    [InlineData("Get-FluxStatus Kustomization/flux-system/apps", "Get-FluxStatus", "apps")]
    [InlineData("Get-FluxStatus Kustomization/flux-system/apps", "Get-FluxKustomization", "apps")]
    [InlineData("Get-FluxSource -Kind GitRepository -Namespace flux-system", "Get-FluxSource", "flux-system")]
    [InlineData("Get-FluxHelmRelease sonarr", "Get-FluxHelmRelease", "sonarr")]
    public void So_does_every_other_object_that_has_a_reader(string source, string reader, string name) => Assert.All(
        new[] { "$record.Reference", "[HomelabOps.ResourceReference]::new($null, $record.Kind, $record.Namespace, $record.Name)", "($record | Get-HomelabObject)" },
        piped =>
        {
            var result = Run($"$record = {source}; {piped} | {reader} | ForEach-Object {{ $_.Name }}").ThrowIfFailed();

            Assert.Empty(result.Warnings);
            Assert.Equal([name], result.Strings);
        });

    [Fact]
    public void The_pod_of_a_log_line_and_the_pods_of_a_whole_node_are_read()
    {
        var line = Run("Get-HomelabLog -Namespace media -App ticker -Tail 1").ThrowIfFailed().Output.Single();

        Assert.Equal($"Pod/media/{line.Properties["Pod"].Value}", line.Properties["Reference"].Value.ToString());
        Assert.Equal((line.Properties["Pod"].Value, "Pod"), (line.Properties["Name"].Value, line.Properties["Kind"].Value));
        Assert.All(Run("Get-HomelabObject Node/k3s-w1 | Get-HomelabPod").ThrowIfFailed().Values("Node"), node => Assert.Equal("k3s-w1", node));
    }

    [Fact]
    public void A_whole_object_leads_back_to_its_cluster_and_says_nothing_of_it_in_JSON()
    {
        var file = _folder.File("config", KubeConfigs.WithDead(["this", $"that-{_mark}"], []));

        var result = Run("Get-HomelabObject Node/k3s-w1 -Context that-MARK -KubeConfig $file | Get-HomelabNode | ForEach-Object { $_.Cluster }".Replace("MARK", _mark, StringComparison.Ordinal), ("file", file)).ThrowIfFailed();

        Assert.Equal([$"that-{_mark}"], result.Strings);
        Assert.DoesNotContain("HomelabOps", Run("(Get-HomelabObject Node/k3s-w1).PSObject.Properties.Name").ThrowIfFailed().Strings);
    }

    [Fact]
    public void What_only_looks_like_an_object_is_read_from_the_connection() =>
        Assert.Equal(["k3s-w2"], Run("[pscustomobject] @{ kind = 'Node'; metadata = [pscustomobject] @{ name = 'k3s-w2' } } | Get-HomelabNode | ForEach-Object { $_.Name }").ThrowIfFailed().Strings);

    [Theory]
    [InlineData("Get-HomelabPod")]
    [InlineData("Get-HomelabPod -Watch")]
    [InlineData("Get-HomelabUsage")]
    public void A_context_that_is_typed_comes_before_that_of_the_record(string reader)
    {
        var file = _folder.File("config", KubeConfigs.WithDead([$"first-{_mark}", $"second-{_mark}"], []));

        var result = Run(
            $"foreach ($once in 1) {{ Get-HomelabPod -Namespace media -App ticker -Context first-{_mark} -KubeConfig $file | {reader} -Context second-{_mark} -KubeConfig $file | ForEach-Object {{ $_.Cluster; break }} }}",
            ("file", file)).ThrowIfFailed();

        Assert.Equal([$"second-{_mark}"], result.Strings);
    }

    [Theory]
    [InlineData("Get-HomelabPod -Namespace media -App ticker, imageless", "Get-HomelabPod -Watch", "App", "imageless ticker")]
    [InlineData("Get-FluxStatus Kustomization/flux-system/apps, HelmRelease/media/sonarr", "Get-FluxStatus -Watch", "Name", "apps sonarr")]
    [InlineData("Get-HomelabNode k3s-w*", "Get-HomelabPod -Watch", "Node", "k3s-w1 k3s-w2")]
    [InlineData("Get-HomelabPod -Namespace media -App ticker", "Get-HomelabLog -Follow -Tail 1", "Container", "ticker")]
    public void All_records_that_are_piped_are_watched(string source, string watch, string property, string expected)
    {
        // The watch itself does not end, so it is left when all that is expected has come.
        var result = Run(
            $"$seen = @{{}}; foreach ($once in 1) {{ {source} | {watch} | ForEach-Object {{ $seen[$_.{property}] = 1; if ($seen.Count -eq $count) {{ break }} }} }}; $seen.Keys",
            ("count", expected.Split(' ').Length)).ThrowIfFailed();

        Assert.Equal(expected.Split(' '), result.Strings.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("System.Object[]")]
    [InlineData("System.Collections.Generic.List[object]")]
    [InlineData("System.Collections.Generic.List[string]")]
    [InlineData("System.Collections.ArrayList")]
    public void Node_takes_nodes_and_names_in_any_list(string type)
    {
        var item = type.Contains("string", StringComparison.Ordinal) ? "'k3s-w1'" : "(Get-HomelabNode k3s-w1)";

        var nodes = Run($"$list = [{type}] @({item}); Get-HomelabPod -Node $list").ThrowIfFailed().Values("Node").Distinct();

        Assert.Equal(["k3s-w1"], nodes);
    }
}
