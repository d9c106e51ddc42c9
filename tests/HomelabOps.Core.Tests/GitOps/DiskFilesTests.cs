using System.Diagnostics;
using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Tests.GitOps;

/// <summary>Files of a folder of this machine, which may hold what no repository can.</summary>
public sealed class DiskFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nobody_waits_for_the_other_end_of_a_pipe()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes in folders.");
        await File.WriteAllTextAsync(Path.Combine(_folder, "map.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", TestContext.Current.CancellationToken);
        using (var made = Process.Start("mkfifo", [Path.Combine(_folder, "pipe.yaml")]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, made.ExitCode);
        }

        var read = Task.Run(() => RepositoryIndex.Read(new DiskFiles(_folder)), TestContext.Current.CancellationToken);
        Assert.Equal("a", Assert.Single((await read.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken)).Objects).Name);
    }

    [Fact]
    public void An_empty_file_is_empty()
    {
        File.WriteAllText(Path.Combine(_folder, "empty.yaml"), "");
        Assert.Empty(new DiskFiles(_folder).Read("/empty.yaml"));
    }

    [Fact]
    public void A_listing_tells_what_asking_for_each_tells()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links are for administrators there.");
        Directory.CreateDirectory(Path.Combine(_folder, "apps", ".hidden"));
        File.WriteAllText(Path.Combine(_folder, "apps", "a.yaml"), "a: 1\n");
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "apps", "a.yaml"), DateTime.UtcNow.AddMinutes(-1));
        File.CreateSymbolicLink(Path.Combine(_folder, "apps", "link.yaml"), "a.yaml");
        File.CreateSymbolicLink(Path.Combine(_folder, "apps", "out.yaml"), "/etc/hostname");
        File.CreateSymbolicLink(Path.Combine(_folder, "apps", "none.yaml"), "none");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "apps", "folder"), "..");

        var (listed, asked) = (new DiskFiles(_folder), new DiskFiles(_folder));
        Assert.Equal([".hidden", "a.yaml", "folder", "link.yaml", "none.yaml", "out.yaml"], listed.List("/apps"));
        Assert.Equal("/apps/a.yaml", listed.Resolve("/apps/link.yaml"));
        Assert.NotNull(listed.Stamp("/apps/a.yaml"));
        foreach (var path in listed.List("/apps").Select(name => "/apps/" + name))
        {
            Assert.Equal((asked.Resolve(path), asked.IsFolder(path), asked.Stamp(path)), (listed.Resolve(path), listed.IsFolder(path), listed.Stamp(path)));
        }
    }
}
