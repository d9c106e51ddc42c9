using HomelabOps.Core.Scheduling;

namespace HomelabOps.Core.Tests.Scheduling;

/// <summary>The clusters that a check is bound to when it is registered.</summary>
public sealed class CheckContextsTests : IDisposable
{
    private const string Two = "apiVersion: v1\nkind: Config\ncontexts: [{name: home, context: {cluster: c}}, {name: remote, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("current-context: remote\n", "", "remote")]
    [InlineData("current-context: remote\n", "home", "home")]
    [InlineData("", "home,r*", "home,r*")]
    public void They_are_named(string current, string typed, string bound) => Assert.Equal(bound.Split(','), CheckContexts.Bind(Config(current), Names(typed)));

    [Theory]
    [InlineData("current-context: remote\n", "hoem")]
    [InlineData("current-context: remote\n", "home,x*")]
    [InlineData("current-context: gone\n", "")]
    [InlineData("", "")]
    public void What_the_kubeconfig_does_not_have_is_refused(string current, string typed) =>
        Assert.Equal("ContextNotFound", Assert.Throws<HomelabException>(() => CheckContexts.Bind(Config(current), Names(typed))).Id);

    [Fact]
    public void A_pod_has_one_cluster_and_a_kubeconfig_that_is_not_there_is_refused()
    {
        Assert.Empty(CheckContexts.Bind(null, []));
        Assert.Equal("KubeConfigNotFound", Assert.Throws<HomelabException>(() => CheckContexts.Bind(Path.Combine(_folder, "none"), [])).Id);
    }

    private string Config(string current)
    {
        var path = Path.Combine(_folder, "config");
        File.WriteAllText(path, Two + current);
        return path;
    }

    private static string[] Names(string typed) => typed.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
