using System.Diagnostics;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Tests.GitOps;

/// <summary>An index is made of what was read before, and never of what has changed since.</summary>
public sealed class IndexMemoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_did_not_change_is_not_read_again()
    {
        Write("a.yaml", "one", old: true);
        var first = RepositoryIndex.Read(new DiskFiles(_folder), TestContext.Current.CancellationToken);
        var second = RepositoryIndex.Read(new DiskFiles(_folder), TestContext.Current.CancellationToken);
        Assert.Same(Assert.Single(first.Contents), Assert.Single(second.Contents));
    }

    [Fact]
    public void A_change_is_seen_also_one_of_the_same_length()
    {
        Write("a.yaml", "one", old: true);
        Assert.Equal("one", Assert.Single(RepositoryIndex.Read(new DiskFiles(_folder), TestContext.Current.CancellationToken).Objects).Name);
        Write("a.yaml", "two", old: false);
        Assert.Equal("two", Assert.Single(RepositoryIndex.Read(new DiskFiles(_folder), TestContext.Current.CancellationToken).Objects).Name);
        Write("a.yaml", "six", old: false);
        Assert.Equal("six", Assert.Single(RepositoryIndex.Read(new DiskFiles(_folder), TestContext.Current.CancellationToken).Objects).Name);
    }

    [Fact]
    public void Five_thousand_manifests_are_indexed_soon_and_sooner_when_they_are_known()
    {
        for (var number = 0; number < 5000; number++)
        {
            Write($"apps/{number / 50}/{number}.yaml", $"app-{number}", old: true);
        }

        var cold = Time();
        var warm = Time();
        TestContext.Current.SendDiagnosticMessage($"cold {cold.TotalMilliseconds:f0} ms, warm {warm.TotalMilliseconds:f0} ms");
        Assert.InRange(cold, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.InRange(warm, TimeSpan.Zero, TimeSpan.FromSeconds(5));

        TimeSpan Time()
        {
            var watch = Stopwatch.StartNew();
            Assert.Equal(5000, RepositoryIndex.Read(new DiskFiles(_folder), TestContext.Current.CancellationToken).Objects.Count);
            return watch.Elapsed;
        }
    }

    private void Write(string path, string name, bool old)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  namespace: media\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n        - name: app\n          image: docker.io/org/app:1.0\n          resources:\n            requests: {{cpu: 100m, memory: 64Mi}}\n            limits: {{memory: 128Mi}}\n");
        if (old)
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-1));
        }
    }
}
