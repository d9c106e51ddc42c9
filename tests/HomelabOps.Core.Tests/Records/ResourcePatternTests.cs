using FsCheck;
using FsCheck.Fluent;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Tests.Records;

public sealed class ResourcePatternTests
{
    [Theory]
    [InlineData("web", null, null, "web")]
    [InlineData("media/web", null, "media", "web")]
    [InlineData("Pod/web", "Pod", null, "web")]
    [InlineData("pod/web", null, "pod", "web")]
    [InlineData("Pod/media/web", "Pod", "media", "web")]
    [InlineData("*/web", null, "*", "web")]
    [InlineData("*/*/web", "*", "*", "web")]
    public void Parts_are_told_apart(string text, string? kind, string? @namespace, string name)
    {
        var pattern = new ResourcePattern(text);
        Assert.Equal((kind, @namespace, name, text), (pattern.Kind, pattern.Namespace, pattern.Name, pattern.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a/")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("Pod/a/b/c")]
    public void What_names_no_object_is_refused(string text) => Assert.Throws<ArgumentException>(() => new ResourcePattern(text));

    [Theory]
    [InlineData("web", "web", true)]
    [InlineData("WEB", "web", true)]
    [InlineData("web", "web-1", false)]
    [InlineData("web*", "web-1", true)]
    [InlineData("*web", "my-web", true)]
    [InlineData("*", "", true)]
    [InlineData("w?b", "web", true)]
    [InlineData("w?b", "wb", false)]
    [InlineData("web-[a-c]", "web-b", true)]
    [InlineData("web-[a-c]", "web-d", false)]
    [InlineData("web-[A-C]", "web-b", true)]
    [InlineData("web-[135]", "web-3", true)]
    [InlineData("web.1", "webx1", false)]
    [InlineData("web.*", "webx1", false)]
    [InlineData("w(e|x)b*", "web", false)]
    [InlineData("a[", "a[", true)]
    [InlineData("a[b", "a[b", true)]
    [InlineData("a[]", "a[]", true)]
    [InlineData("[^a]", "b", false)]
    [InlineData("[^a]", "^", true)]
    [InlineData(@"[\d]", "5", false)]
    [InlineData(@"[\d]", "d", true)]
    [InlineData(@"[a\]*", "a", true)]
    [InlineData("[a-z-[b]]", "b]", true)]
    [InlineData("[a-z-[b]]", "[]", true)]
    [InlineData("[a-z-[b]]", "c", false)]
    [InlineData("[[]x", "[x", true)]
    [InlineData("[z-a]", "m", false)]
    [InlineData("[a-]", "-", true)]
    [InlineData("web*", "web\n", true)]
    [InlineData("we?", "web\n", false)]
    public void Wildcards_are_those_of_PowerShell(string pattern, string text, bool matches) => Assert.Equal(matches, ResourcePattern.Matches(pattern, text));

    [Fact]
    public void No_pattern_throws_or_takes_long()
    {
        Prop.ForAll<string?, string?>((pattern, text) => ResourcePattern.Matches(pattern ?? "", text ?? "") is var _).QuickCheckThrowOnFailure();
        Assert.False(ResourcePattern.Matches(string.Concat(Enumerable.Repeat("*a", 12)) + "b", new string('a', 60)));
    }

    [Fact]
    public void A_reference_and_a_record_name_exactly_one_object()
    {
        var record = new HomelabPod { Cluster = "home", Kind = "Pod", Namespace = "media", Name = "web" };
        var pattern = new ResourcePattern(record);
        Assert.Equal(("home", "Pod", "media", "web", "Pod/media/web", false), (pattern.Cluster, pattern.Kind, pattern.Namespace, pattern.Name, pattern.Text, pattern.IsWildcard));
        Assert.True(pattern.Matches("Pod", "media", "web"));
        Assert.False(pattern.Matches("Pod", "other", "web"));
        Assert.True(new ResourcePattern(new ResourceReference(null, "Node", "", "n1")).Matches("Node", "", "n1"));
        Assert.Equal("Node/n1", new ResourceReference(null, "Node", "", "n1").ToString());
    }

    [Fact]
    public void The_server_is_asked_for_as_little_as_the_names_allow()
    {
        Assert.Equal(("media", "metadata.name=web"), Ask(new() { Names = [new("Media/Web".ToLowerInvariant())] }));
        Assert.Equal(("media", null), Ask(new() { Names = [new("media/a"), new("media/b*")] }));
        Assert.Equal((null, null), Ask(new() { Names = [new("media/a"), new("other/b")] }));
        Assert.Equal(("media", null), Ask(new() { Namespaces = ["Media"] }));
        Assert.Equal((null, null), Ask(new() { Namespaces = ["me*"] }));
        Assert.Equal(("media", "metadata.name=a"), Ask(new() { Names = [new("mEDIA/a")] }));
        Assert.Equal("metadata.name=a,spec.nodeName=n", new ObjectQuery { Names = [new("a")] }.ToListQuery("spec.nodeName=n").FieldSelector);
    }

    [Fact]
    public void Names_that_nothing_matched_are_told_and_wildcards_are_not()
    {
        var filter = new ObjectFilter(new ObjectQuery { Names = [new("web"), new("gone"), new("x*"), new("Pod/media/web")], Namespaces = ["media"] });
        Assert.True(filter.Accepts("Pod", "media", "web"));
        Assert.False(filter.Accepts("Pod", "other", "gone"));
        Assert.False(filter.Accepts("Pod", "media", "else"));
        var error = Assert.Single(filter.Missing("home", "Pod"));
        Assert.Equal(("PodNotFound", ErrorKind.ObjectNotFound, "gone"), (error.Id, error.Kind, error.Target));
        Assert.Contains("namespace media", error.Message, StringComparison.Ordinal);
    }

    private static (string?, string?) Ask(ObjectQuery query) => (query.ToListQuery().Namespace, query.ToListQuery().FieldSelector);
}
