using System.Diagnostics;

namespace HomelabOps.Cluster.Tests;

/// <summary>The embedded homelab's own clone, in which a person would work.</summary>
internal static class HomelabClone
{
    /// <summary>Changes a file, commits and pushes it, and gives the hash of the commit.</summary>
    public static string Edit(SandboxFixture sandbox, string path, Func<string, string> change)
    {
        var clone = sandbox.Run("(Get-HomelabConnection).Repository").ThrowIfFailed().Strings.Single()!;
        File.WriteAllText(Path.Combine(clone, path), change(File.ReadAllText(Path.Combine(clone, path))));
        Git(clone, "-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "--all", "--message", "Change " + path);
        Git(clone, "push", "--quiet");
        return Git(clone, "rev-parse", "HEAD");
    }

    /// <summary>A small repository in a folder, with a remote of its own; its last commit deletes <c>apps/media/old.yaml</c>.</summary>
    public static string MakeRepository(string folder)
    {
        var clone = Path.Combine(folder, "clone");
        Git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git");
        Git(folder, "clone", "--quiet", "remote.git", "clone");
        Git(clone, "config", "user.name", "Test");
        Git(clone, "config", "user.email", "test@example.org");
        Git(clone, "checkout", "--quiet", "-B", "main");
        Write("cluster/flux-system/gotk-components.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: flux-system, labels: {app.kubernetes.io/version: v2.5.1}}\n");
        Write("cluster/flux-system/gotk-sync.yaml", """
            apiVersion: source.toolkit.fluxcd.io/v1
            kind: GitRepository
            metadata: {name: flux-system, namespace: flux-system}
            spec: {interval: 1m, url: "https://git.home.arpa/homelab.git", ref: {branch: main}}
            ---
            apiVersion: kustomize.toolkit.fluxcd.io/v1
            kind: Kustomization
            metadata: {name: flux-system, namespace: flux-system}
            spec: {interval: 10m, path: ./cluster, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}

            """);
        Write("cluster/apps.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\nspec: {interval: 1m, path: ./apps, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}\n");
        Write("apps/media/old.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: old, namespace: media}\n");
        Write("apps/media/sonarr/deployment.yaml", """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: sonarr, namespace: media}
            spec:
              replicas: 1
              selector: {matchLabels: {app: sonarr}}
              template:
                metadata: {labels: {app: sonarr}}
                spec:
                  containers:
                    - name: sonarr
                      image: a/sonarr:1

            """);
        Commit("Add sonarr");
        File.Delete(Path.Combine(clone, "apps/media/old.yaml"));
        Commit("Delete what is old");
        Git(clone, "push", "--quiet", "--set-upstream", "origin", "main");
        return clone;

        void Write(string path, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(clone, path))!);
            File.WriteAllText(Path.Combine(clone, path), text);
        }

        void Commit(string message)
        {
            Git(clone, "add", "--all");
            Git(clone, "commit", "--quiet", "--message", message);
        }
    }

    /// <summary>Runs git in a folder and gives what it says.</summary>
    public static string Git(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", ["-C", folder, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said.Trim() : throw new InvalidOperationException(errors.GetAwaiter().GetResult());
    }
}
