using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Tests.GitOps;

/// <summary>What Flux leaves out of an artifact, by its own list and by .sourceignore.</summary>
public sealed class SourceIgnoreTests
{
    [Theory]
    [InlineData("/.git", true, true)]
    [InlineData("/apps/.git", true, true)]
    [InlineData("/.git", false, false)]
    [InlineData("/my.git", true, false)]
    [InlineData("/docs/a.png", false, true)]
    [InlineData("/docs/.png", false, true)]
    [InlineData("/docs/a.tar.gz", false, true)]
    [InlineData("/docs/a.gz", false, false)]
    [InlineData("/.sops.yaml", false, true)]
    [InlineData("/apps/deep/.sops.yaml", false, true)]
    [InlineData("/apps/x.sops.yaml", false, false)]
    [InlineData("/apps/notes", false, true)]
    [InlineData("/apps/my-notes", false, false)]
    [InlineData("/apps/notes/a.yaml", false, false)]
    [InlineData("/apps/draft-1.yaml", false, true)]
    [InlineData("/apps/keep-draft-1.yaml", false, false)]
    [InlineData("/test/one.yaml", false, true)]
    [InlineData("/apps/test/one.yaml", false, false)]
    [InlineData("/apps/a.bak", false, true)]
    [InlineData("/apps/important.bak", false, false)]
    [InlineData("/apps/a.1.log", false, true)]
    [InlineData("/apps/a.log", false, false)]
    public void Of_several_rules_the_last_decides(string path, bool isFolder, bool isIgnored)
    {
        var rules = new SourceIgnore(new MemoryFiles((".sourceignore", "# mine\nnotes\ndraft-*.yaml\n/test/*.yaml\n*.bak\n!important.bak\n*.?.log\n")));
        Assert.Equal(isIgnored, rules.IsIgnored(path, isFolder));
    }
}
