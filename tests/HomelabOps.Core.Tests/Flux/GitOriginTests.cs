using HomelabOps.Core.Flux.Tracing;

namespace HomelabOps.Core.Tests.Flux;

public sealed class GitOriginTests
{
    private const string Hash = "2c1b3f0e9a5d4c7b8a6f1e2d3c4b5a6978869504";

    [Theory]
    [InlineData($"main@sha1:{Hash}", Hash)]
    [InlineData($"refs/heads/feature/x@sha1:{Hash}", Hash)]
    [InlineData($"v1.2.3@sha1:{Hash}", Hash)]
    [InlineData($"sha1:{Hash}", Hash)]
    [InlineData($"main/{Hash}", Hash)]
    [InlineData(Hash, Hash)]
    [InlineData("4.2.0", null)]
    [InlineData("main@sha1:2c1b3f0", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_commit_is_read_from_all_forms_of_a_revision(string? revision, string? commit) => Assert.Equal(commit, GitOrigin.CommitOf(revision));

    [Theory]
    [InlineData("ssh://git@example.org/anna/homelab", "git@example.org:anna/homelab.git", true)]
    [InlineData("ssh://git@example.org:2222/anna/homelab.git", "https://example.org/anna/homelab", true)]
    [InlineData("https://anna:pass@example.org/anna/homelab.git", "https://Example.org/anna/homelab/", true)]
    [InlineData("file:///srv/git/homelab.git", "/srv/git/homelab.git", true)]
    [InlineData("https://example.org/anna/homelab", "https://example.org/anna/other", false)]
    [InlineData("https://example.org/anna/homelab", "https://example.com/anna/homelab", false)]
    public void A_repository_is_known_whatever_way_it_is_reached(string source, string remote, bool same) => Assert.Equal(same, new GitOrigin(null, [source]).IsAt(remote));
}
