using HomelabOps.Bench.Cluster;
using HomelabOps.Bench.Hosting;
using HomelabOps.Bench.Measuring;

namespace HomelabOps.Bench.Rows;

/// <summary>How long a commit and its push to a bare repository of this machine take. No server takes part.</summary>
internal static class CommitRows
{
    public const string Group = "commits";

    private const int Manifests = 500;
    private const double Limit = 300;

    public static IReadOnlyList<Row> Measure(Context context)
    {
        using var folder = new TemporaryFolder();
        using var state = new TemporaryFolder();
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", state.Path);
        var (ours, theirs) = (Prepare(folder.Path, "ours"), Prepare(folder.Path, "theirs"));
        var number = 0;
        var times = context.Interleave()
            .Time("ours", () => context.Module.Run($"Undo-GitOpsChange HEAD -Repository {HostedModule.Quote(ours)} -NoWait -Confirm:$false | Out-Null"))
            .Time("theirs", () =>
            {
                File.WriteAllText(Path.Combine(theirs, "apps", "app-7", "deployment.yaml"), $"replicas: {++number}\n");
                ChildProcess.Run("sh", ["-c", "git -C \"$1\" commit --quiet --all --message Change && git -C \"$1\" push --quiet", "sh", theirs]);
            })
            .Medians();
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        return
        [
            Row.Duration(Group, $"Undo-GitOpsChange in a repository of {Manifests} manifests: preview, commit, push and working copy", times["ours"], Limit),
            Row.Ratio(Group, "the same beside git commit and git push", times["ours"], "git", times["theirs"], null),
        ];
    }

    // A bare remote with a clone whose last commit changed one file.
    private static string Prepare(string folder, string name)
    {
        var (remote, clone) = (Path.Combine(folder, name + ".git"), Path.Combine(folder, name));
        Git("init", "--quiet", "--bare", "--initial-branch=main", remote);
        Git("clone", "--quiet", remote, clone);
        foreach (var (key, value) in new[] { ("user.name", "Bench"), ("user.email", "bench@example.org"), ("commit.gpgsign", "false") })
        {
            Git("-C", clone, "config", key, value);
        }

        for (var app = 0; app < Manifests; app++)
        {
            var path = Path.Combine(clone, "apps", $"app-{app}", "deployment.yaml");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "replicas: 0\n");
        }

        Commit("Begin");
        File.WriteAllText(Path.Combine(clone, "apps", "app-7", "deployment.yaml"), "replicas: 100\n");
        Commit("Scale");
        return clone;

        void Commit(string message)
        {
            Git("-C", clone, "add", "--all");
            Git("-C", clone, "commit", "--quiet", "--message", message);
            Git("-C", clone, "push", "--quiet", "--set-upstream", "origin", "HEAD:main");
        }
    }

    private static void Git(params string[] arguments) => ChildProcess.Run("git", arguments);
}
