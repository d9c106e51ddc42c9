using HomelabOps.Bench.Cluster;
using HomelabOps.Bench.Hosting;
using HomelabOps.Bench.Measuring;

namespace HomelabOps.Bench.Rows;

/// <summary>How long a large repository takes to be read and built for one value of it, and for one edit. No server takes part.</summary>
internal static class ManifestRows
{
    public const string Group = "manifests";

    private const int Folders = 100;
    private const int AppsOfEach = 50;

    public static IReadOnlyList<Row> Measure(Context context)
    {
        using var folder = new TemporaryFolder();
        Prepare(folder.Path);
        var script = $"Get-HomelabManifest app-7-7 -Repository {HostedModule.Quote(folder.Path)} | Out-Null";
        var number = 0;
        var times = context.Interleave()
            .Add("import", () => context.Host(context.Import).Milliseconds)
            .Add("cold", () => context.Host($"{context.Import}; {script}").Milliseconds)
            .Add("again", () =>
            {
                Write(folder.Path, "apps/3/3.yaml", App("app-3-3", ++number), isOld: false);
                return Interleaved.Milliseconds(() => context.Module.Run(script));
            })
            .Medians();
        var edits = new HostedEdits(folder.Path);
        var alone = context.Interleave().Time("edit", () => edits.Scale("app-7-7", ++number)).Medians();
        return
        [
            Row.Above(Group, $"the first Get-HomelabManifest of one application among {Folders * AppsOfEach} manifests, in a new process", times["cold"], "import", times["import"], 1500),
            Row.Duration(Group, "the same again when one file has changed", times["again"], 300),
            Row.Duration(Group, "one edit there with its proof, in a process that has read the repository", alone["edit"], 20),
            .. MeasureEdits(context),
        ];
    }

    private static Row[] MeasureEdits(Context context)
    {
        using var folder = new TemporaryFolder();
        using var state = new TemporaryFolder();
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", state.Path);
        var clone = Path.Combine(folder.Path, "clone");
        Clone(folder.Path, clone);
        var end = $"-Repository {HostedModule.Quote(clone)} -NoWait -Confirm:$false | Out-Null";
        var replicas = 1;
        var times = context.Interleave()
            .Time("edit", () => context.Module.Run($"Set-HomelabAppReplica app-7-7 {++replicas} {end}"))
            .Time("undo", () => context.Module.Run($"Undo-GitOpsChange HEAD {end}"))
            .Medians();
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        return
        [
            Row.Duration(Group, "Set-HomelabAppReplica there: preview and commit, each with its proof, push and working copy", times["edit"], null),
            Row.Ratio(Group, "the same beside Undo-GitOpsChange, which proves that all can be built", times["edit"], "undo", times["undo"], null),
        ];
    }

    private static void Prepare(string root)
    {
        Write(root, "cluster/sync.yaml", Flux("flux-system", "./cluster"));
        for (var folder = 0; folder < Folders; folder++)
        {
            Write(root, $"cluster/apps-{folder}.yaml", Flux($"apps-{folder}", $"./apps/{folder}"));
            Write(root, $"apps/{folder}/kustomization.yaml", $"namespace: media\nresources:\n{string.Concat(Enumerable.Range(0, AppsOfEach).Select(app => $"  - {app}.yaml\n"))}");
            for (var app = 0; app < AppsOfEach; app++)
            {
                Write(root, $"apps/{folder}/{app}.yaml", App($"app-{folder}-{app}", 1));
            }
        }
    }

    // A bare remote with a clone.
    private static void Clone(string folder, string clone)
    {
        var remote = Path.Combine(folder, "remote.git");
        Git("init", "--quiet", "--bare", "--initial-branch=main", remote);
        Git("clone", "--quiet", remote, clone);
        Prepare(clone);
        foreach (var (key, value) in new[] { ("user.name", "Bench"), ("user.email", "bench@example.org"), ("commit.gpgsign", "false") })
        {
            Git("-C", clone, "config", key, value);
        }

        Git("-C", clone, "add", "--all");
        Git("-C", clone, "commit", "--quiet", "--message", "Begin");
        Git("-C", clone, "push", "--quiet", "--set-upstream", "origin", "HEAD:main");
    }

    private static void Git(params string[] arguments) => ChildProcess.Run("git", arguments);

    private static string Flux(string name, string path) =>
        $"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\nspec:\n  interval: 1m\n  prune: true\n  path: {path}\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n";

    private static string App(string name, int replicas) =>
        $"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  replicas: {replicas}\n  selector:\n    matchLabels: {{app: {name}}}\n  template:\n    metadata:\n      labels: {{app: {name}}}\n    spec:\n      containers:\n        - name: app\n          image: docker.io/org/{name}:1.0\n          resources:\n            requests: {{cpu: 100m, memory: 64Mi}}\n            limits: {{memory: 128Mi}}\n";

    // What was written a moment ago is read again each time, because it may still change.
    private static void Write(string root, string path, string text, bool isOld = true)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        if (isOld)
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-1));
        }
    }
}
