using System.Diagnostics;
using System.Globalization;
using HomelabOps.Core.Applications.Edits;
using HomelabOps.Core.GitOps.Effective;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Tests.Diagnosis.Manifests;

namespace HomelabOps.Core.Tests.GitOps.Effective;

/// <summary>5,000 manifests are read, their values located and one of them edited; the ceilings are for machines that are busy with other things.</summary>
public sealed class LargeRepositoryTests : IDisposable
{
    private const int Folders = 100;
    private const int AppsOfEach = 25;

    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Its_values_are_located_and_edited_within_seconds()
    {
        Write("cluster/sync.yaml", Checked.Object("source.toolkit.fluxcd.io/v1", "GitRepository", "flux-system", "flux-system", "interval: 1m\nurl: https://git.example/home.git") + "---\n" + Checked.Flux("flux-system", "./cluster"));
        for (var folder = 0; folder < Folders; folder++)
        {
            Write($"cluster/{folder}.yaml", Checked.Flux($"group-{folder}", $"./apps/{folder}"));
            Write($"apps/{folder}/kustomization.yaml", $"resources:\n{string.Concat(Enumerable.Range(0, AppsOfEach).Select(app => $"  - {app}.yaml\n  - {app}-config.yaml\n"))}images:\n  - name: docker.io/org/app\n    newTag: '2'\n");
            for (var app = 0; app < AppsOfEach; app++)
            {
                Write($"apps/{folder}/{app}.yaml", AppRepository.Deployment.Replace("sonarr", $"app-{folder}-{app}", StringComparison.Ordinal).Replace($"linuxserver/app-{folder}-{app}", "docker.io/org/app", StringComparison.Ordinal));
                Write($"apps/{folder}/{app}-config.yaml", Checked.Map($"config-{folder}-{app}"));
            }
        }

        var clock = Stopwatch.StartNew();
        var view = Read();
        var read = Lap();
        var found = new ManifestLocator(view).Locate(view.Apps, cancellation: TestContext.Current.CancellationToken).ToArray();
        var located = Lap();
        view = Read();
        var again = Lap();
        var one = new ManifestLocator(view).Locate(view.Apps.Where(app => app.Name == "app-7-7"), cancellation: TestContext.Current.CancellationToken).ToArray();
        var single = Lap();
        var changes = new SetReplicasEdit(new AppTarget { App = new("app-7-7") }, 3).Apply(new DiskFiles(_folder));
        var edited = Lap();
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"read {read:f0} ms, all located {located:f0} ms, read again {again:f0} ms, one located {single:f0} ms, one edited {edited:f0} ms"));

        Assert.Equal(Folders * AppsOfEach * 7, found.Length);
        Assert.Equal(7, one.Length);
        Assert.Equal(2, found.Count(value => value.App.Name == "app-7-7" && value.Field.Field == ManifestField.Image));
        Assert.All(found.Where(value => value.Field.Value == "docker.io/org/app:2"), value => Assert.Equal(ManifestMechanism.KustomizeImages, value.Place?.Mechanism));
        Assert.Equal("apps/7/7.yaml", Assert.Single(changes).Path);
        Assert.InRange(read + located + again + single + edited, 0, 60_000);

        ManifestView Read() => ManifestView.Read(new DiskFiles(_folder), [], TestContext.Current.CancellationToken);

        double Lap()
        {
            var elapsed = clock.Elapsed.TotalMilliseconds;
            clock.Restart();
            return elapsed;
        }
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-1));
    }
}
