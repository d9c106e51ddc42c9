using HomelabOps.Core.GitOps.Effective;

namespace HomelabOps.Core.Tests.GitOps.Effective;

/// <summary>Values that Flux' image automation writes are known by the comment behind them.</summary>
public sealed class PolicyMarkerTests
{
    private const string Marked = "kind: Deployment\nimage: sonarr:4.0.16 # {\"$imagepolicy\": \"flux-system:sonarr\"}\n";

    [Theory]
    [InlineData("# {\"$imagepolicy\": \"flux-system:sonarr\"}", "apps/sonarr.yaml:2 flux-system/sonarr")]
    [InlineData("# {\"$imagepolicy\": \"flux-system:sonarr:tag\"}", "apps/sonarr.yaml:2 flux-system/sonarr")]
    [InlineData("#{ \"$imagepolicy\" :\"media:web\" } x", "apps/sonarr.yaml:2 media/web")]
    [InlineData("# the web server", "")]
    [InlineData("# $imagepolicy of sonarr", "")]
    public void A_changed_line_tells_its_policy(string comment, string expected) =>
        Assert.Equal(expected, Changed($"a: 1\nnewTag: 1 {comment}\n", $"a: 1\nnewTag: 2 {comment}\r\nb: 3\n"));

    [Fact]
    public void A_line_that_stays_or_moves_tells_nothing() => Assert.Equal("", Changed(Marked, "# new\n" + Marked + "replicas: 2\n"));

    [Fact]
    public void Of_two_equal_lines_one_may_change() => Assert.Equal("apps/sonarr.yaml:4 flux-system/sonarr", Changed(Marked + Marked, Marked + Marked.Replace("4.0.16", "5", StringComparison.Ordinal)));

    [Fact]
    public void What_is_new_or_goes_or_is_no_manifest_tells_nothing()
    {
        Assert.Empty(PolicyMarkers.Changed(["apps/sonarr.yaml"], new MemoryFiles(), new MemoryFiles(("apps/sonarr.yaml", Marked))));
        Assert.Empty(PolicyMarkers.Changed(["apps/sonarr.yaml"], new MemoryFiles(("apps/sonarr.yaml", Marked)), new MemoryFiles()));
        Assert.Empty(PolicyMarkers.Changed(["a.md"], new MemoryFiles(("a.md", "x")), new MemoryFiles(("a.md", Marked))));
    }

    private static string Changed(string before, string after) => string.Join('\n', PolicyMarkers
        .Changed(["apps/sonarr.yaml"], new MemoryFiles(("apps/sonarr.yaml", before)), new MemoryFiles(("apps/sonarr.yaml", after)))
        .Select(marked => $"{marked.File}:{marked.Line} {marked.Policy}"));
}
