using System.Diagnostics;
using HomelabOps.Core.Diagnosis.Manifests;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Homelab;

public sealed class HomelabRepositoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    [Fact]
    public void The_same_seed_gives_the_same_commit_wherever_it_lies()
    {
        using var one = HomelabRepository.Create(Path.Combine(_folder, "one"), new HomelabPlan(new()));
        using var same = HomelabRepository.Create(Path.Combine(_folder, "same"), new HomelabPlan(new()));
        using var other = HomelabRepository.Create(Path.Combine(_folder, "other"), new HomelabPlan(new() { Seed = 2 }));
        Assert.Equal(one.Head, same.Head);
        Assert.NotEqual(one.Head, other.Head);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(60)]
    public async Task Nothing_is_wrong_with_its_manifests(int apps)
    {
        using var repository = HomelabRepository.Create(Path.Combine(_folder, "checked"), new HomelabPlan(new() { Apps = apps }));
        var findings = new List<string>();
        await foreach (var item in ManifestTester.CheckAsync(new ManifestQuery { Path = repository.ClonePath }, TestContext.Current.CancellationToken))
        {
            findings.Add(item.Value?.ToString() ?? item.Notice!.ToString());
        }

        Assert.Empty(findings);
    }

    [Fact]
    public void Every_value_of_its_applications_is_proven_to_come_from_one_place()
    {
        using var repository = HomelabRepository.Create(Path.Combine(_folder, "values"), new HomelabPlan(new() { Apps = 30 }));
        var view = ManifestView.Read(new DiskFiles(repository.ClonePath), [], TestContext.Current.CancellationToken);
        var found = new ManifestLocator(view).Locate(view.Apps, always: true, TestContext.Current.CancellationToken).ToArray();
        Assert.Empty(found.Where(value => value.Place is null).Select(value => ManifestLocator.Record(value.App, value.Field, null)));
        Assert.All(Enum.GetValues<ManifestField>(), field => Assert.Contains(found, value => value.Field.Field == field));
        Assert.Contains(found, value => value.Place!.Mechanism == ManifestMechanism.HelmValues);
    }

    [Fact]
    public void Git_itself_can_work_with_both()
    {
        Assert.SkipWhen(!HasGit(), "There is no git on PATH.");
        using var repository = HomelabRepository.Create(Path.Combine(_folder, "lab"), new HomelabPlan(new() { Apps = 3 }));
        Assert.Equal(repository.Head, Git(repository.ClonePath, "rev-parse", "HEAD"));
        Assert.Equal("main", Git(repository.ClonePath, "rev-parse", "--abbrev-ref", "HEAD"));
        Assert.Equal("origin/main", Git(repository.ClonePath, "rev-parse", "--abbrev-ref", "@{upstream}"));
        Assert.Equal("", Git(repository.ClonePath, "status", "--porcelain"));
        Assert.Equal("", Git(repository.RemotePath, "fsck", "--strict"));
        Assert.True(Git(repository.ClonePath, "log", "--format=%s").Split('\n').Length >= 3);

        // By its URL, as Flux has it, and back by a push.
        var clone = Path.Combine(_folder, "clone");
        Git(_folder, "clone", "-q", repository.Url.AbsoluteUri, clone);
        Assert.True(File.Exists(Path.Combine(clone, "clusters", "homelab", "apps", "media", "sonarr", "deployment.yaml")));
        File.AppendAllText(Path.Combine(clone, "README.md"), "\nOne line more.\n");
        Git(clone, "-c", "user.name=Test", "-c", "user.email=test@home.arpa", "commit", "-q", "-a", "-m", "Change something");
        Git(clone, "push", "-q", "origin", "main");
        Git(repository.ClonePath, "pull", "-q");
        Assert.Equal(Git(clone, "rev-parse", "HEAD"), Git(repository.ClonePath, "rev-parse", "HEAD"));
    }

    [Fact]
    public void It_is_made_quickly()
    {
        var plan = new HomelabPlan(new());
        HomelabRepository.Create(Path.Combine(_folder, "warm"), plan).Dispose();
        var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        using var repository = HomelabRepository.Create(Path.Combine(_folder, "timed"), plan);
        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.Elapsed.TotalMilliseconds:0} ms, of which {(Environment.CpuUsage.TotalTime - before).TotalMilliseconds:0} ms on a processor");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Nothing_is_left_of_it()
    {
        var folder = Path.Combine(_folder, "gone");
        HomelabRepository.Create(folder, new HomelabPlan(new() { Apps = 1 })).Dispose();
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void The_live_source_reads_the_remote_without_a_secret()
    {
        using var repository = HomelabRepository.Create(Path.Combine(_folder, "flux"), new HomelabPlan(new() { Apps = 1 }));
        var source = repository.FluxObjects().Single(item => (string?)item["kind"] == "GitRepository");
        Assert.Equal(repository.RemotePath, new Uri((string)source["spec"]!["url"]!).LocalPath);
        Assert.Null(source["spec"]!["secretRef"]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static bool HasGit() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "git.exe" : "git")));

    private static string Git(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output.Trim();
    }
}
