using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>What a real NFS server says, over IPv4 and IPv6, with its portmapper and without.</summary>
public sealed class NfsExportTests(NfsGround ground) : IClassFixture<NfsGround>
{
    private const string Shown = """ForEach-Object { "$($_.Export)|$($_.Reachable)|$($_.Exported)|$($_.Versions)|$($_.Clients)|$($_.Message)" }""";

    [Fact]
    public async Task A_real_server_tells_versions_exports_and_clients_and_NFS_4_needs_no_portmapper()
    {
        var lines = await ground.RunAsync($"""
            Test-NfsExport 127.0.0.1 | {Shown}
            Test-NfsExport ::1 | {Shown}
            Test-NfsExport '127.0.0.1:{ground.Export}/below' | {Shown}
            Test-NfsExport 127.0.0.1 -Export /none | {Shown}
            (Test-NfsExport 127.0.0.1).Latency -gt 0
            """);

        var whole = $"{ground.Export}|True|True|3 4.0 4.1 4.2|";
        Assert.StartsWith(whole, lines[0], StringComparison.Ordinal);
        Assert.Contains("192.0.2.0/24", lines[0], StringComparison.Ordinal);
        Assert.Equal(lines[0], lines[1]);
        Assert.StartsWith($"{ground.Export}/below|True|True|", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("/none|True|False|3 4.0 4.1 4.2||The server does not export '/none'", lines[3], StringComparison.Ordinal);
        Assert.Contains(ground.Export, lines[3], StringComparison.Ordinal);
        Assert.Equal("True", lines[4]);

        await ground.EndAsync("rpcbind");
        lines = await ground.RunAsync($"""
            Test-NfsExport 127.0.0.1 | {Shown}
            Test-NfsExport 127.0.0.1 -Export '{ground.Export}' | {Shown}
            Test-NfsExport 127.0.0.1 -Export /none | {Shown}
            """);
        Assert.StartsWith("|True||3 4.0 4.1 4.2||NFS answers, but nobody tells what is exported", lines[0], StringComparison.Ordinal);
        Assert.Equal($"{ground.Export}|True|True|3 4.0 4.1 4.2||", lines[1]);
        Assert.StartsWith("/none|True|False|", lines[2], StringComparison.Ordinal);

        await ground.EndAsync("ganesha");
        lines = await ground.RunAsync($"Test-NfsExport 127.0.0.1 | {Shown}");
        Assert.StartsWith("|False||||NFS on '127.0.0.1' does not answer: nobody listens on port 2049", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "NfsServerUnknown")]
    [InlineData("  source: 127.0.0.1:/mnt/user/media\n", "127.0.0.1:/mnt/user/media")]
    public async Task Without_a_name_the_mounts_of_the_homelab_say_the_server(string source, string expected)
    {
        using var folder = new TemporaryFolder();
        var result = await ConsoleProcess.RunAsync(
            "try { Test-NfsExport -TimeoutSeconds 2 | ForEach-Object ToString } catch { $_.FullyQualifiedErrorId.Split(',')[0] }",
            import: true,
            TestContext.Current.CancellationToken,
            ("HOMELABOPS_CONFIG", folder.File("homelab.yaml", "mounts:\n- path: /data/media\n" + source)));
        Assert.Equal([expected], result.Lines);
    }

    [Theory]
    [InlineData("Test-NfsExport 'a b'", "NfsServerInvalid")]
    [InlineData("Test-NfsExport 127.0.0.1 -Export media", "NfsPathNotAbsolute")]
    public void Bad_input_is_an_error(string script, string id)
    {
        using var engine = new Engine();
        Assert.Equal(id, Id(engine.Run(script)));
    }

    private static string Id(Engine.Result result) => Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0];
}
