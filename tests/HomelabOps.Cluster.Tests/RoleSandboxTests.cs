using System.Diagnostics;
using System.Management.Automation;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>What changes Git or whole applications does so with the role of its area and nothing else, on the embedded homelab, which has Flux and VolSync and holds everybody to his rights.</summary>
[Collection(nameof(Alone))]
public sealed class RoleSandboxTests(SandboxFixture sandbox) : JournaledTest(sandbox), IClassFixture<SandboxFixture>
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    private const string Terminal = "/usr/bin/script";

    private readonly TemporaryFolder _folder = new();

    private string Clone => Run("(Get-HomelabConnection).Repository").ThrowIfFailed().Strings.Single()!;

    public override void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_CONFIG", null);
        _folder.Dispose();
        base.Dispose();
    }

    [Fact]
    public void The_role_of_applications_changes_them_in_Git_and_waits_for_what_comes_of_it()
    {
        // Without the right to try what Git says it is done all the same, and told that its preview is not whole.
        _ = Grant("homelabops-applications");
        var result = Run($"(Set-HomelabAppImage radarr -Tag 5.0.77 -TimeoutSeconds 120 -Repository '{Clone}' {Config}).RolledOut").ThrowIfFailed();
        Assert.Equal(["True"], result.Strings);
        Assert.NotEmpty(Refused(result));

        var may = Grant("homelabops-applications", "homelabops-dry-run");
        Assert.Equal(["True"], may($"(Set-HomelabAppImage sonarr -Tag 4.0.77 -TimeoutSeconds 120 -Repository '{Clone}' KUBECONFIG).RolledOut"));
        Assert.Equal(["True"], may($"(Set-HomelabAppReplica tautulli 2 -TimeoutSeconds 120 -Repository '{Clone}' KUBECONFIG).RolledOut"));
        Assert.Equal(["True"], may($"(Set-HomelabAppResource sonarr -MemoryLimit 2Gi -TimeoutSeconds 120 -Repository '{Clone}' KUBECONFIG).RolledOut"));
        Assert.Equal(["True"], may($"(New-HomelabApp paperless -Category media -Image ghcr.io/example/notes:1.0 -Port 8000 -TimeoutSeconds 120 -Repository '{Clone}' KUBECONFIG).RolledOut"));
        Assert.Equal(["paperless"], may($"(Remove-HomelabApp paperless -TimeoutSeconds 120 -Repository '{Clone}' -Confirm:$false KUBECONFIG).App"));
        Assert.NotEmpty(Refused(Run("Remove-HomelabPod media/sonarr-* -Confirm:$false " + Config)));
    }

    [Fact]
    public void The_role_of_GitOps_takes_changes_back_and_restores_what_was_deleted()
    {
        var commit = Run("(Set-HomelabAppReplica plex 2 -TimeoutSeconds 120).Commit").ThrowIfFailed().Strings.Single();
        var may = Grant("homelabops-gitops", "homelabops-dry-run");
        Assert.Equal(["True"], may($"(Undo-GitOpsChange {commit} -TimeoutSeconds 120 -Repository '{Clone}' KUBECONFIG).RolledOut"));
        HomelabClone.Git(Clone, "pull", "--quiet");
        var file = Run("(Get-HomelabManifest jellyfin -Field Image).File").ThrowIfFailed().Strings.Single()!;
        var list = Path.Combine(Clone, Path.GetDirectoryName(file)!, "kustomization.yaml");
        HomelabClone.Git(Clone, "rm", "-q", file);
        File.WriteAllLines(list, File.ReadAllLines(list).Where(line => !line.Contains(Path.GetFileName(file), StringComparison.Ordinal)));
        HomelabClone.Git(Clone, "commit", "-q", "-a", "-m", "Drop jellyfin");
        HomelabClone.Git(Clone, "push", "-q");
        Run("$null = Invoke-FluxReconcile Kustomization/apps -WithSource -TimeoutSeconds 120").ThrowIfFailed();
        Assert.Equal(["True"], may($"(Restore-HomelabManifest jellyfin -Force -TimeoutSeconds 120 -Repository '{Clone}' KUBECONFIG).RolledOut"));
        Assert.NotEmpty(Refused(Run("Suspend-HomelabNode k3s-w2 -Confirm:$false " + Config)));
    }

    [Fact]
    public void The_role_of_operations_moves_an_application_and_brings_it_home()
    {
        Until("if (-not (Get-SyncthingReplication -App sonarr | Where-Object InSync -EQ $false)) { 'both are in sync' }");
        var may = Grant("homelabops-operations");
        Assert.Equal(["Completed"], may($"(Invoke-HomelabFailover sonarr -Planned -TimeoutSeconds 120 -Repository '{Clone}' -Confirm:$false KUBECONFIG).Status"));
        Assert.Equal(["Completed"], may($"(Invoke-HomelabFailback sonarr -TimeoutSeconds 120 -Repository '{Clone}' -Confirm:$false KUBECONFIG).Status"));
        Assert.Equal(["k3s-w1"], Run("(Get-HomelabApp sonarr).Node").ThrowIfFailed().Strings);
        Assert.NotEmpty(Refused(Run("Get-HomelabObject ConfigMap/media/* " + Config)));
    }

    [Fact]
    public void The_role_of_storage_looks_at_mounts_and_comes_as_far_as_the_host_of_the_node()
    {
        const string Node = "nodes:\n- name: k3s-w1\n  kind: Lxc\n  vmId: 101\n  sshHost: root@127.0.0.1:1\nmounts:\n";
        var may = Grant("homelabops-storage");
        Environment.SetEnvironmentVariable("HOMELABOPS_CONFIG", _folder.File("well.yaml", Node + "- path: /data/media\n"));
        Assert.Equal(["True"], may("(Repair-NfsMount k3s-w1 /data/media -Confirm:$false KUBECONFIG).Healthy"));

        // From there on it is the host that is asked, and no cluster.
        Environment.SetEnvironmentVariable("HOMELABOPS_CONFIG", _folder.File("missing.yaml", Node + "- path: /data/none\n  source: 127.0.0.1:/mnt/user/none\n"));
        Assert.Equal(["SshUnreachable"], Run("Repair-NfsMount k3s-w1 -Force -Confirm:$false " + Config).ErrorIds);
    }

    [Fact]
    public void Who_may_read_everything_and_look_tests_a_recovery_and_a_failover()
    {
        var may = Grant("homelabops-read", "homelabops-read-all", "homelabops-secrets", "homelabops-look");
        Assert.Equal(["True"], may($"((Test-HomelabRecovery -Repository '{Clone}' KUBECONFIG).Gates | Where-Object Name -EQ Access).Passed"));
        Assert.Equal(["radarr"], may($"(Test-HomelabFailover radarr -Repository '{Clone}' KUBECONFIG).App"));
    }

    [Fact]
    public async Task The_role_of_the_cluster_opens_a_shell()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(Terminal), "script of util-linux is needed");
        _ = Grant("homelabops-cluster");
        var (ended, session) = (Path.Combine(_folder.Path, "ended"), Path.Combine(_folder.Path, "session.ps1"));
        File.WriteAllText(session, $"$result = Enter-HomelabPod -App plex -Shell sh {Config}; [IO.File]::WriteAllText('{ended}', \"$($result.ExitCode)\")");
        var start = new ProcessStartInfo(Terminal, ["-q", "-e", "-f", "-c", $"exec dotnet '{Build.Console}' -File '{session}'", "/dev/null"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var shown = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (!process.HasExited)
        {
            // Again, until the shell is there that it is for.
            await process.StandardInput.WriteAsync("exit 7\r");
            await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        Assert.True(File.Exists(ended), await shown);
        Assert.Equal("7", await File.ReadAllTextAsync(ended, TestContext.Current.CancellationToken));
    }

    private string Config => $"-KubeConfig '{Path.Combine(_folder.Path, "config")}'";

    private static List<string> Refused(Engine.Result result) =>
        [.. result.Errors.Where(error => error.CategoryInfo.Category == ErrorCategory.PermissionDenied).Select(error => error.ToString()), .. result.Warnings.Where(warning => warning.Contains("You may not", StringComparison.OrdinalIgnoreCase) || warning.Contains("forbidden", StringComparison.OrdinalIgnoreCase))];

    private Func<string, IEnumerable<string?>> Grant(params string[] roles)
    {
        using var api = new SandboxApi(Sandbox);
        var user = $"test-{Guid.NewGuid():N}"[..16];
        foreach (var role in roles)
        {
            var (name, text) = ($"{user}-{role}", File.ReadAllText(Path.Combine(Build.RepositoryRoot, "deploy", "rbac", $"{role}.yaml")));
            api.Send(HttpMethod.Post, $"{Rbac}/clusterroles", text.Replace($"name: {role}\n", $"name: {name}\n", StringComparison.Ordinal), "application/yaml");
            api.Send(HttpMethod.Post, $"{Rbac}/clusterrolebindings", $$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"{{name}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{name}}"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{user}}"}]}""");
        }

        _folder.File("config", KubeConfigs.Of(api.Address, user: $"as: {user}"));
        return script =>
        {
            var result = Run(script.Replace("KUBECONFIG", Config, StringComparison.Ordinal)).ThrowIfFailed();
            Assert.Equal("", string.Join('\n', Refused(result)));
            return result.Strings;
        };
    }
}
