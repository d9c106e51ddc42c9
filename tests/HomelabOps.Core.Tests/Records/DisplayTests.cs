namespace HomelabOps.Core.Tests.Records;

public sealed class DisplayTests
{
    // Taken from the tests of Kubernetes' own duration.HumanDuration.
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(-5, "0s")]
    [InlineData(1, "1s")]
    [InlineData(70, "70s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(190, "3m10s")]
    [InlineData(599, "9m59s")]
    [InlineData(600, "10m")]
    [InlineData(70 * 60, "70m")]
    [InlineData((3 * 3600) - 1, "179m")]
    [InlineData(3 * 3600, "3h")]
    [InlineData((3 * 3600) + (10 * 60), "3h10m")]
    [InlineData(8 * 3600, "8h")]
    [InlineData((48 * 3600) - 1, "47h")]
    [InlineData(48 * 3600, "2d")]
    [InlineData((7 * 86400) + (23 * 3600), "7d23h")]
    [InlineData(8 * 86400, "8d")]
    [InlineData(729L * 86400, "729d")]
    [InlineData(730L * 86400, "2y")]
    [InlineData(770L * 86400, "2y40d")]
    [InlineData(2920L * 86400, "8y")]
    public void A_duration_is_shown_as_kubectl_does(long seconds, string text) => Assert.Equal(text, Display.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0L, "0 B")]
    [InlineData(512L, "512 B")]
    [InlineData(1023L, "1023 B")]
    [InlineData(1536L, "1.5 KiB")]
    [InlineData(1024L * 1024, "1 MiB")]
    [InlineData((1024L * 1024) - 1, "1 MiB")]
    [InlineData((1024L * 1024 * 1024) - 1, "1 GiB")]
    [InlineData(-1536L, "-1.5 KiB")]
    [InlineData(long.MaxValue, "8192 PiB")]
    public void Bytes_have_the_unit_that_fits(long bytes, string text) => Assert.Equal(text, Display.Bytes(bytes));

    [Theory]
    [InlineData(0.0, "0m")]
    [InlineData(0.25, "250m")]
    [InlineData(0.9996, "1")]
    [InlineData(1.0, "1")]
    [InlineData(1.5, "1.5")]
    [InlineData(16.0, "16")]
    public void Cores_are_written_as_Kubernetes_does(double cores, string text) => Assert.Equal(text, Display.Cpu(cores));

    [Theory]
    [InlineData("main@sha1:3f2a91c0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "main@sha1:3f2a91c0")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "sha256:e3b0c442")]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("main@sha1:short", "main@sha1:short")]
    [InlineData("main@sha1:zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "main@sha1:zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData(null, "")]
    public void A_revision_loses_the_tail_of_its_hash(string? revision, string text) => Assert.Equal(text, Display.Revision(revision));

    [Theory]
    [InlineData(null, "")]
    [InlineData("  one  ", "one")]
    [InlineData("one\ntwo", "one…")]
    [InlineData("one\r\ntwo", "one…")]
    [InlineData("\n\none\n", "one")]
    public void Only_the_first_line_is_shown(string? message, string text) => Assert.Equal(text, Display.FirstLine(message));

    [Fact]
    public void Health_colours_what_has_a_text()
    {
        Assert.Equal("\u001b[32mTrue\u001b[0m", Display.Health(true, true));
        Assert.Equal("\u001b[31mError\u001b[0m", Display.Health("Error", false));
        Assert.Equal("x", Display.Health("x", null));
        Assert.Equal("", Display.Health(null, false));
    }

    [Fact]
    public void What_is_missing_is_empty()
    {
        Assert.Equal(["", "", "", "", ""], [Display.Duration(null), Display.Since(null), Display.Bytes(null), Display.Cpu(null), Display.Percent(null)]);
        Assert.Equal("80%", Display.Percent(79.6));
        Assert.Equal("2m", Display.Since(DateTime.Now.AddSeconds(-120.5)).Replace("2m0s", "2m", StringComparison.Ordinal));
    }

    [Fact]
    public void A_node_of_a_tree_stands_under_what_applies_it_and_says_when_it_is_suspended()
    {
        var node = new FluxTreeNode { Depth = 2, Kind = "Deployment", Namespace = "media", Name = "sonarr", Health = ObjectHealth.Current };
        Assert.Equal("    Deployment/sonarr", Display.Branch(node));
        Assert.Equal("odd", Display.Branch(new FluxTreeNode { Name = "odd" }));
        Assert.Equal(("\u001b[32mCurrent\u001b[0m", "Suspended", "\u001b[31mNotFound\u001b[0m", "Unknown"), (
            Display.Status(node), Display.Status(node with { Suspended = true }), Display.Status(node with { Health = ObjectHealth.NotFound }), Display.Status(node with { Health = ObjectHealth.Unknown })));
    }

    [Fact]
    public void A_trace_shows_its_place_or_why_there_is_none()
    {
        var release = new ResourceReference(null, "HelmRelease", "media", "plex");
        var trace = new FluxTrace { File = "apps/plex.yaml", Line = 7, HelmRelease = release, Kustomization = release with { Kind = "Kustomization", Name = "apps" } };
        Assert.Equal(("apps/plex.yaml:7", "HelmRelease/plex"), (Display.Place(trace), Display.Applier(trace)));
        Assert.Equal(("apps/plex.yaml", "Kustomization/apps"), (Display.Place(trace with { Line = null }), Display.Applier(trace with { HelmRelease = null })));
        Assert.Equal(("not managed by Flux", ""), (Display.Place(new FluxTrace { Notes = ["not managed by Flux"] }), Display.Applier(new FluxTrace())));
        Assert.Equal(("2c1b3f0e", "", "short"), (Display.Commit("2c1b3f0e9a5d4c7b8a6f1e2d3c4b5a6978869504"), Display.Commit(null), Display.Commit("short")));
    }
}
