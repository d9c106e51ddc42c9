using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests;

/// <summary>Export-HomelabReport on the embedded homelab, as it is, with few rights, and without a server.</summary>
[Collection(nameof(Alone))]
public sealed class ReportTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_report_is_written_in_every_format_and_says_what_the_cmdlets_say()
    {
        var files = Run("Export-HomelabReport $folder -Format Html, Json, Prometheus -WarningAction SilentlyContinue | ForEach-Object Name").ThrowIfFailed().Strings;
        Assert.Equal(["homelab-report.html", "homelab-report.json", "homelab-report.prom"], files);
        var report = JsonNode.Parse(Text("homelab-report.json"))!;
        Assert.Equal(Run("(Get-HomelabApp).Name").ThrowIfFailed().Strings.Order(StringComparer.Ordinal), Names(report, "apps").Order(StringComparer.Ordinal));
        Assert.Equal(Run("(Get-FluxStatus).Name").ThrowIfFailed().Strings.Order(StringComparer.Ordinal), Names(report, "flux").Order(StringComparer.Ordinal));
        Assert.Equal(Run("(Get-VolSyncStatus).Name").ThrowIfFailed().Strings.Order(StringComparer.Ordinal), Names(report, "replications").Order(StringComparer.Ordinal));
        Assert.Equal(Run("(Get-HomelabConnection).IsSandbox").ThrowIfFailed().Strings.Single() == "True", (bool)report["cluster"]!["isSandbox"]!);
        Assert.Contains(", embedded", Text("homelab-report.html"), StringComparison.Ordinal);
        Assert.Equal(Run("@(Test-MetalLBWebhook | Where-Object NotAfter).Count").ThrowIfFailed().Strings, [$"{report["certificates"]!.AsArray().Count(item => (string)item!["purpose"]! == "of MetalLB's webhook")}"]);
        Assert.Contains("homelab_node_ready{", Text("homelab-report.prom"), StringComparison.Ordinal);
        Assert.Contains("<svg role=\"img\"", Text("homelab-report.html"), StringComparison.Ordinal);

        // The address of the embedded homelab has its secret in it.
        var secret = new Uri(Run("(Get-HomelabConnection).KubeConfigPath | ForEach-Object { [System.IO.File]::ReadAllText($_) }").ThrowIfFailed().Strings.Single()!.Split('\n').First(line => line.Contains("server:", StringComparison.Ordinal)).Split("server:")[1].Trim(' ', '"', '\'')).AbsolutePath.Trim('/');
        Assert.True(secret.Length > 20, secret);
        Assert.All(Directory.GetFiles(_folder.Path), file => Assert.DoesNotContain(secret, File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIf_writes_nothing_and_a_bad_path_is_an_error_before_the_cluster_is_asked()
    {
        Assert.Empty(Run("Export-HomelabReport $folder -WhatIf").ThrowIfFailed().Output);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));

        var file = _folder.File("file", "somebody's");
        using var proxy = new RefusingProxy("http://127.0.0.1:1", (_, _) => throw new InvalidOperationException("The cluster was asked."));
        _folder.File("config", KubeConfigs.Of(proxy.Address));
        Assert.Equal(["ReportUnwritable"], Run("Export-HomelabReport $folder/file/report.html -KubeConfig $folder/config").ErrorIds);
        Assert.Equal(["ReportExists"], Run("Export-HomelabReport $folder/file -NoClobber -KubeConfig $folder/config").ErrorIds);
        Assert.Equal("somebody's", File.ReadAllText(file));
        Assert.Equal(["ReportPathUnfit"], Run("Export-HomelabReport \"$folder/*.html\" -KubeConfig $folder/config").ErrorIds);
    }

    [Fact]
    public void What_may_not_be_read_is_said_and_the_rest_is_written()
    {
        using var proxy = new RefusingProxy(Server, (_, path) => path.Contains("persistentvolume", StringComparison.Ordinal) || path.Contains("/nodes", StringComparison.Ordinal));
        _folder.File("config", KubeConfigs.Of(proxy.Address));
        var result = Run("Export-HomelabReport $folder/report.json -KubeConfig $folder/config").ThrowIfFailed();
        Assert.NotEmpty(result.Warnings);
        var report = JsonNode.Parse(Text("report.json"))!;
        Assert.Null(report["nodes"]);
        Assert.Null(report["volumes"]);
        Assert.NotEmpty(Names(report, "flux"));

        // Between here and the cluster answers are gathered before they are passed on.
        Assert.Contains("ApiCutsWatches", report["findings"]!.AsArray().Select(finding => (string?)finding!["reason"]));
        Assert.Contains("nodes", report["gaps"]!.AsArray().Select(gap => (string?)gap!["part"]));
        Assert.False((bool)report["healthy"]!);
    }

    [Fact]
    public void Who_may_read_no_Secrets_is_told_once_and_no_Syncthing_is_blamed()
    {
        using var proxy = new RefusingProxy(Server, (_, path) => path.Contains("/secrets", StringComparison.Ordinal));
        _folder.File("config", KubeConfigs.Of(proxy.Address));
        var result = Run("Test-Homelab -Area Replication, Flux, Pod -KubeConfig $folder/config").ThrowIfFailed();
        Assert.DoesNotContain(result.Output, finding => ((string)finding.Properties["Reason"].Value).StartsWith("Sync", StringComparison.Ordinal));
        Assert.Single(result.Warnings, warning => $"{warning}".Contains("Syncthings of", StringComparison.Ordinal));
        Assert.All(Run("Get-SyncthingReplication -KubeConfig $folder/config | ForEach-Object { \"$($_.State)\" }").ThrowIfFailed().Strings, state => Assert.Equal("Unread", state));
    }

    [Fact]
    public void A_cluster_that_is_down_has_a_report_that_says_so()
    {
        _folder.File("config", KubeConfigs.Of("http://127.0.0.1:1/"));
        var result = Run("Export-HomelabReport $folder/report.json -Format Json, Html -KubeConfig $folder/config").ThrowIfFailed();
        var report = JsonNode.Parse(Text("report.json"))!;
        Assert.Contains("Error", report["findings"]!.AsArray().Select(finding => (string?)finding!["severity"]));
        Assert.Null(report["apps"]);

        // Once, and not for every kind that could not be read.
        Assert.True(result.Warnings.Count <= 3, string.Join('\n', result.Warnings));
        var sentence = result.Warnings[0].ToString();
        var gaps = Text("report.html").Split("<section id=\"gaps\">")[1].Split("</section>")[0];
        Assert.True(gaps.Split("<li>").Length - 1 <= 3, gaps);
        Assert.NotEmpty(sentence);
    }

    private string Server => Run("(Get-HomelabConnection).KubeConfigPath | ForEach-Object { [System.IO.File]::ReadAllText($_) }").ThrowIfFailed().Strings.Single()!
        .Split('\n').First(line => line.Contains("server:", StringComparison.Ordinal)).Split("server:")[1].Trim(' ', '"', '\'');

    private string Text(string name) => File.ReadAllText(Path.Combine(_folder.Path, name));

    private static IEnumerable<string> Names(JsonNode report, string part) => report[part]!.AsArray().Select(item => (string)item!["name"]!);

    private Testing.Engine.Result Run(string script) => sandbox.Run(script, ("folder", _folder.Path));
}
