using System.Management.Automation;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>The roles of deploy/rbac on a real API server, each bound to somebody who has nothing else.</summary>
[Collection(nameof(Alone))]
public sealed class RoleLabTests : IDisposable
{
    // What stands for an application, and for a Syncthing that VolSync does not run.
    private const string Deployment = """
        {
          "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "web" },
          "spec": {
            "selector": { "matchLabels": { "app": "web" } },
            "template": {
              "metadata": { "labels": { "app": "web" } },
              "spec": {
                "terminationGracePeriodSeconds": 0,
                "containers": [{ "name": "web", "image": "docker.io/library/busybox:1.36", "imagePullPolicy": "IfNotPresent", "command": ["sh", "-c", "mkdir /www; echo hello >/www/ping; exec httpd -f -p 8080 -h /www"], "ports": [{ "containerPort": 8080 }], "readinessProbe": { "httpGet": { "path": "/ping", "port": 8080 }, "periodSeconds": 1 } }]
              }
            }
          }
        }
        """;

    private readonly Engine _engine = new();
    private readonly TemporaryFolder _folder = new();
    private RoleGrant? _grant;

    public RoleLabTests()
    {
        _ = Lab.KubeConfig;
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", Path.Combine(_folder.Path, "state"));
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("HOMELABOPS_STATE", null);
        _grant?.Dispose();
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Who_may_only_read_sees_what_the_reading_cmdlets_show_and_changes_nothing()
    {
        Grant("homelabops-read");
        foreach (var script in new[] { "Get-HomelabNode", "Get-HomelabPod", "Get-HomelabEvent", "Get-HomelabApp", "Get-HomelabVolume", "Get-FluxStatus", "Get-FluxSource", "Get-FluxKustomization", "Get-FluxHelmRelease", "Get-FluxEvent", "Get-FluxLog -Tail 1", "Get-VolSyncStatus", "Get-HomelabUsage", "Connect-Homelab; Disconnect-Homelab", "New-HomelabConfig -WhatIf" })
        {
            var result = Run(script);
            Assert.True(Refused(result).Count == 0, $"{script}: {string.Join('\n', Refused(result))}");
        }

        using var ground = new LabNamespace();
        ground.AddKustomization("mine");
        Assert.NotEmpty(Refused(Run($"Suspend-FluxResource Kustomization/{ground.Name}/mine -Confirm:$false")));
        Assert.NotEmpty(Refused(Run("Get-HomelabObject Secret/*")));
    }

    [Fact]
    public void Who_may_look_as_well_lacks_nothing()
    {
        Grant("homelabops-read", "homelabops-secrets", "homelabops-look");
        foreach (var script in new[] { "Test-Homelab", "Test-MetalLBWebhook", "Get-PodStorage", "Test-NfsMount", "Test-PvcBinding", "Get-HomelabBackup", $"Export-HomelabReport '{_folder.Path}'" })
        {
            var result = Run(script);
            Assert.True(Refused(result).Count == 0, $"{script}: {string.Join('\n', Refused(result))}");
        }
    }

    [Fact]
    public void The_role_of_Flux_suspends_and_resumes()
    {
        Grant("homelabops-flux");
        using var ground = new LabNamespace();
        ground.AddKustomization("mine");
        Assert.DoesNotContain(Run($"Suspend-FluxResource Kustomization/{ground.Name}/mine -Confirm:$false").ThrowIfFailed().Warnings, IsRefusal);
        Assert.DoesNotContain(Run($"Resume-FluxResource Kustomization/{ground.Name}/mine -Confirm:$false -NoWait").ThrowIfFailed().Warnings, IsRefusal);
        Assert.DoesNotContain(Run($"Invoke-FluxReconcile Kustomization/{ground.Name}/mine -Confirm:$false -NoWait").ThrowIfFailed().Warnings, IsRefusal);
        Assert.NotEmpty(Refused(Run($"Remove-HomelabPod {ground.Name}/none -Confirm:$false")));
    }

    [Fact]
    public void The_role_of_the_cluster_deletes_a_pod_and_runs_commands_in_one()
    {
        Grant("homelabops-cluster");
        using var ground = new LabNamespace();
        ground.AddPod("mine", "sleep 600");
        _ = _engine.Run($"for ($i = 0; $i -lt 600 -and -not (Get-HomelabPod {ground.Name}/mine -KubeConfig '{Lab.KubeConfig}').Ready; $i++) {{ [System.Threading.Thread]::Sleep(100) }}");
        Assert.Equal(["here"], May("(Invoke-HomelabNode k3s-w2 'echo here' KUBECONFIG).Output.Trim()"));
        Assert.Equal(["hello"], Run($"(Invoke-HomelabPod {ground.Name}/mine -Container first -Command echo, hello KUBECONFIG).Output.Trim()").ThrowIfFailed().Strings);
        _ = Run($"Remove-HomelabPod {ground.Name}/mine -Force -Confirm:$false").ThrowIfFailed();
    }

    [Fact]
    public void Who_may_read_as_well_mends_what_the_role_of_the_cluster_can_change()
    {
        using var ground = WithDeployment();
        _ = _engine.Run($"$null = Stop-HomelabApp {ground.Name}/web -Duration 1s -Confirm:$false -KubeConfig '{Lab.KubeConfig}'; [System.Threading.Thread]::Sleep(1500)").ThrowIfFailed();
        Grant("homelabops-read", "homelabops-cluster");
        Assert.Equal(["Gone"], May($"Test-Homelab -Area Pod KUBECONFIG | Where-Object {{ $_.Reason -eq 'StopOverdue' -and $_.Target.Namespace -eq '{ground.Name}' }} | Repair-Homelab -Confirm:$false KUBECONFIG | ForEach-Object {{ \"$($_.Result)\" }}"));
    }

    [Fact]
    public async Task The_role_of_applications_restarts_stops_starts_and_reaches_them()
    {
        using var ground = WithDeployment();
        Grant("homelabops-applications");
        var app = $"{ground.Name}/web";
        Assert.Equal(["True"], May($"(Restart-HomelabApp {app} -Confirm:$false -TimeoutSeconds 120 KUBECONFIG).Healthy"));
        Assert.Equal(["True"], May($"(Stop-HomelabApp {app} -Confirm:$false -TimeoutSeconds 120 KUBECONFIG).Stopped"));
        Assert.Equal(["True"], May($"(Start-HomelabApp {app} -Confirm:$false -TimeoutSeconds 120 KUBECONFIG).Healthy"));
        var uri = May($"(Start-HomelabPortForward {app} -RemotePort 8080 KUBECONFIG).Uri.AbsoluteUri").Single()!;
        using var http = new HttpClient();
        Assert.Equal("hello\n", await http.GetStringAsync(new Uri($"{uri}ping")));
        _ = _engine.Run("$null = Get-HomelabPortForward | Stop-HomelabPortForward").ThrowIfFailed();
        Assert.NotEmpty(Refused(Run($"Remove-HomelabPod {ground.Name}/web-* -Confirm:$false")));
        Assert.NotEmpty(Refused(Run($"Invoke-HomelabPod {ground.Name}/web-* -Command date")));
    }

    [Fact]
    public void The_role_of_storage_suspends_resumes_and_starts_replications_and_restarts_a_Syncthing()
    {
        using var ground = WithDeployment();
        ground.Send(HttpMethod.Post, $"/apis/volsync.backube/v1alpha1/namespaces/{ground.Name}/replicationsources", """{"apiVersion":"volsync.backube/v1alpha1","kind":"ReplicationSource","metadata":{"name":"mine"},"spec":{"sourcePVC":"data","trigger":{"schedule":"0 3 * * *"},"rsync":{"copyMethod":"Direct"} } }""");
        Grant("homelabops-storage");
        Assert.Equal(["True"], May($"(Suspend-VolSyncReplication {ground.Name}/mine -Confirm:$false KUBECONFIG).Paused"));
        Assert.Equal(["False"], May($"(Resume-VolSyncReplication {ground.Name}/mine -Confirm:$false KUBECONFIG).Paused"));

        // Nobody replicates on the lab, so the run does not come; the schedule is put back.
        Assert.Equal(["ReplicationTimeout"], Run($"Start-VolSyncReplication {ground.Name}/mine -Confirm:$false -TimeoutSeconds 3").ErrorIds);
        Assert.Equal(["1"], May($"\"$((Restart-SyncthingReplication -Namespace {ground.Name} -Selector app=web -Confirm:$false -TimeoutSeconds 120 KUBECONFIG).PodsReady.Count)\""));
        Assert.NotEmpty(Refused(Run($"Suspend-HomelabNode k3s-w2 -Confirm:$false")));
    }

    [Fact]
    public void The_role_of_scheduling_is_all_that_a_check_of_everything_needs()
    {
        Grant("homelabops-scheduling");
        var plan = _folder.File("all.json", $$"""{"name": "all", "kubeConfig": "{{_grant!.KubeConfig}}", "areas": []}""");
        var result = _engine.Run($"Invoke-HomelabCheck -Path '{plan}'").ThrowIfFailed();
        Assert.Empty(Refused(result));
        Assert.Equal([true], result.Values("Complete"));
    }

    private LabNamespace WithDeployment()
    {
        var ground = new LabNamespace();
        ground.Send(HttpMethod.Post, $"/apis/apps/v1/namespaces/{ground.Name}/deployments", Deployment);
        _ = _engine.Run($"$null = Wait-HomelabRollout web -Namespace {ground.Name} -TimeoutSeconds 120 -KubeConfig '{Lab.KubeConfig}'").ThrowIfFailed();
        return ground;
    }

    private void Grant(params string[] roles) => _grant = RoleGrant.WithContext(roles);

    private IEnumerable<string?> May(string script)
    {
        var result = Run(script).ThrowIfFailed();
        Assert.Empty(Refused(result));
        return result.Strings;
    }

    private Engine.Result Run(string script)
    {
        var config = $"-KubeConfig '{_grant!.KubeConfig}'";
        return _engine.Run(script.Contains("KUBECONFIG", StringComparison.Ordinal) ? script.Replace("KUBECONFIG", config, StringComparison.Ordinal) : script.Contains(';', StringComparison.Ordinal) ? script.Replace(";", $" {config};", StringComparison.Ordinal) : $"{script} {config}");
    }

    private static List<string> Refused(Engine.Result result) =>
        [.. result.Errors.Where(error => error.CategoryInfo.Category == ErrorCategory.PermissionDenied).Select(error => error.ToString()), .. result.Warnings.Where(IsRefusal)];

    private static bool IsRefusal(string warning) => warning.Contains("You may not", StringComparison.OrdinalIgnoreCase) || warning.Contains("forbidden", StringComparison.OrdinalIgnoreCase);
}
