namespace HomelabOps.Cluster.Tests;

/// <summary>The data of applications on real nodes, with names that are no easy ones.</summary>
[Collection(nameof(Alone))]
public sealed class PodStorageLabTests : ClusterTest
{
    private readonly LabNamespace _space = new();
    private readonly TemporaryFolder _folder = new();

    private string Root => $"/srv/{_space.Name}";

    [Fact]
    public void Folders_are_measured_and_compared()
    {
        const string both = "mkdir -p 'app/sub dir' other; printf 12345 > 'app/sub dir/a b'; printf same > app/same; printf x > other/x; touch -d 2020-01-02T03:04:05 app/same 'app/sub dir/a b' other/x";
        NodeShell.Run("k3s-w1", $"mkdir -p {Root} && cd {Root} && {both} && printf one > app/ö && printf aaaa > app/differs");
        NodeShell.Run("k3s-w2", $"mkdir -p {Root} && cd {Root} && {both} && printf bbbb > app/differs && printf 2 > 'app/sub dir/a' && touch -d 2021-01-02T03:04:05 app/same");
        NodeShell.Run("k3s-w1", $"touch -d 2020-01-02T03:04:05 {Root}/app/differs");
        NodeShell.Run("k3s-w2", $"touch -d 2020-01-02T03:04:05 {Root}/app/differs");
        var file = _folder.File("homelab.yaml", $"podStoragePath: {Root}\n");
        Run("$env:HOMELABOPS_CONFIG = $file", ("file", file)).ThrowIfFailed();
        try
        {
            var app = Run("Get-PodStorage app -Node k3s-w1").ThrowIfFailed().Output.Single();
            Assert.Equal((4L, 16L), (app.Properties["Files"].Value, app.Properties["Bytes"].Value));
            Assert.True((DateTime)app.Properties["Newest"].Value > DateTime.Now.AddHours(-1));
            Assert.Equal(["OnlyBackup app/sub dir/a", "Differs app/same", "OnlyPrimary app/ö"], Differences("app").OrderBy(line => line[^1]));
            Assert.Equal(["Differs app/differs", "OnlyBackup app/sub dir/a", "OnlyPrimary app/ö"], Differences("a* -Hash").Order(StringComparer.Ordinal));
            Assert.Empty(Differences("other"));
            NodeShell.Run("k3s-w2", $"mv {Root} {Root}-gone");
            Assert.Equal("PodStorageUnavailable", Assert.Single(Run("Compare-PodStorage").Errors).FullyQualifiedErrorId.Split(',')[0]);
        }
        finally
        {
            Run("$env:HOMELABOPS_CONFIG = $null").ThrowIfFailed();
            NodeShell.Run("k3s-w1", $"rm -rf {Root} {Root}-gone");
            NodeShell.Run("k3s-w2", $"rm -rf {Root} {Root}-gone");
        }
    }

    protected override void Dispose(bool disposing)
    {
        _space.Dispose();
        _folder.Dispose();
        base.Dispose(disposing);
    }

    private IEnumerable<string> Differences(string arguments) =>
        Run($"Compare-PodStorage {arguments} | ForEach-Object {{ \"$($_.State) $($_.Path)\" }}").ThrowIfFailed().Strings.OfType<string>();
}
