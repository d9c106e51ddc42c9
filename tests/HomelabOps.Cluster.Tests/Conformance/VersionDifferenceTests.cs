using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>The differences of version are told in the output, and none is kept that no check needs.</summary>
public sealed class VersionDifferenceTests(ITestOutputHelper output)
{
    private const int OldestServer = 20;
    private const int NewestServer = 32;

    [Fact]
    public void Each_difference_lies_between_the_versions_and_is_used_by_a_check()
    {
        var folder = Path.Combine(Build.RepositoryRoot, "tests", "HomelabOps.Cluster.Tests", "Conformance");
        var checks = string.Concat(Directory.GetFiles(folder, "*.cs").Where(file => !Path.GetFileName(file).StartsWith(nameof(VersionDifference), StringComparison.Ordinal)).Select(File.ReadAllText));
        foreach (var (name, difference) in VersionDifference.All)
        {
            output.WriteLine($"{name}: since 1.{difference.Minor}: {difference.Reason}");
            Assert.InRange(difference.Minor, OldestServer + 1, NewestServer);
            Assert.NotEmpty(difference.Reason);
            Assert.Contains($"{nameof(VersionDifference)}.{name}", checks, StringComparison.Ordinal);
        }
    }
}
