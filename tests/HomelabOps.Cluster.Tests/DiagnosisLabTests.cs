namespace HomelabOps.Cluster.Tests;

/// <summary>Test-Homelab on real kubelets, a real scheduler and a real volume binder.</summary>
[Collection(nameof(Alone))]
public sealed class DiagnosisLabTests : ClusterTest
{
    private readonly LabNamespace _namespace = new();

    [Fact]
    public void A_crash_loop_says_what_the_program_said_last()
    {
        Deploy("crash", """ "command":["sh","-c","echo 'the database is locked' >&2; sleep 1; exit 3"] """);
        Until("crash", "CrashLoop");
        Assert.Contains(Evidence("crash"), line => line == "the database is locked");
        Assert.Contains("code 3", Message("crash"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_ConfigMap_is_read_from_the_spec()
    {
        Deploy("config", """ "envFrom":[{"configMapRef":{"name":"absent"}}] """);
        Until("config", "ConfigMapMissing");
        Assert.Contains("absent", Message("config"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_cannot_be_had_is_told_with_its_name()
    {
        Deploy("image", "", image: "localhost/never-made:1");
        Until("image", "ImageRegistryUnreachable");
        Assert.Contains("localhost/never-made:1", Message("image"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_waits_for_its_claim_which_is_the_cause()
    {
        _namespace.Send(HttpMethod.Post, $"/api/v1/namespaces/{_namespace.Name}/persistentvolumeclaims", """{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data"},"spec":{"storageClassName":"","volumeName":"never-made","accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"} } } }""");
        Deploy("waits", """ "volumeMounts":[{"name":"d","mountPath":"/d"}] """, spec: ""","volumes":[{"name":"d","persistentVolumeClaim":{"claimName":"data"}}]""");
        var expected = $"PersistentVolumeClaim/{_namespace.Name}/data ClaimVolumeMissing True";
        UntilGiven($"Test-Homelab -Area Volume,Pod | Where-Object Namespace -EQ {_namespace.Name} | ForEach-Object {{ \"$($_.Target) $($_.Reason) $([bool]($_.Evidence -match 'Deployment/{_namespace.Name}/waits'))\" }}", expected);
    }

    [Fact]
    public void A_port_of_the_node_that_another_pod_has_is_named_with_that_pod()
    {
        var node = Run("@(Get-HomelabNode | Where-Object { $_.Healthy -and $_.Schedulable })[0].Name").ThrowIfFailed().Strings.Single();
        var place = $$""","nodeSelector":{"kubernetes.io/hostname":"{{node}}"}""";
        const string Port = """ "command":["sleep","3600"],"ports":[{"containerPort":18096,"hostPort":18096}] """;
        Deploy("first", Port, spec: place);
        UntilGiven($"(Get-HomelabApp {_namespace.Name}/first).Ready", "True");
        Deploy("second", Port, spec: place);
        Until("second", "Unschedulable");
        Assert.Contains($"{node}: port 18096 of the node is taken by Pod/{_namespace.Name}/first-", Message("second"), StringComparison.Ordinal);
    }

    [Fact]
    public void Pods_that_are_to_be_apart_are_named()
    {
        const string Apart = ""","affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"app":"first"} },"topologyKey":"kubernetes.io/os"}]} }""";
        Deploy("first", "");
        UntilGiven($"(Get-HomelabApp {_namespace.Name}/first).Ready", "True");
        Deploy("second", "", spec: Apart);
        Until("second", "Unschedulable");
        Assert.Contains($"podAntiAffinity of the pod keeps it away from Pod/{_namespace.Name}/first-", Message("second"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_of_which_nothing_is_heard_explains_what_waits_for_it()
    {
        // A node without a kubelet is one that does not report, to the real node controller.
        var node = _namespace.Name + "-node";
        _namespace.Send(HttpMethod.Post, "/api/v1/nodes", $$"""{"apiVersion":"v1","kind":"Node","metadata":{"name":"{{node}}","labels":{"for":"{{_namespace.Name}}"} } }""");
        try
        {
            UntilGiven($"Test-Homelab -Area Cluster | Where-Object Name -EQ {node} | ForEach-Object Reason", "NodeNotReady");
            Deploy("lonely", "", spec: $$""","nodeSelector":{"for":"{{_namespace.Name}}"}""");
            UntilGiven($"Test-Homelab -Area Pod | Where-Object Namespace -EQ {_namespace.Name} | ForEach-Object {{ \"$($_.Reason) $($_.RootCause)\" }}", $"Unschedulable Node/{node}");
        }
        finally
        {
            _namespace.Send(HttpMethod.Delete, $"/api/v1/nodes/{node}");
        }
    }

    protected override void Dispose(bool disposing)
    {
        _namespace.Dispose();
        base.Dispose(disposing);
    }

    private void Deploy(string name, string container, string image = "docker.io/library/busybox:1.36", string spec = "")
    {
        var more = container.Trim() is { Length: > 0 } fields ? "," + fields : ""","command":["sleep","3600"]""";
        _namespace.Send(HttpMethod.Post, $"/apis/apps/v1/namespaces/{_namespace.Name}/deployments", $$$"""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{{name}}}"},
             "spec":{"selector":{"matchLabels":{"app":"{{{name}}}"}},"template":{"metadata":{"labels":{"app":"{{{name}}}"}},
             "spec":{"terminationGracePeriodSeconds":0,"containers":[{"name":"app","image":"{{{image}}}","imagePullPolicy":"IfNotPresent","resources":{"requests":{"cpu":"1m","memory":"4Mi"},"limits":{"memory":"64Mi"} }{{{more}}} }]{{{spec}}} } } } }
            """);
    }

    private void Until(string name, string reason) => UntilGiven($"Test-Homelab -Area Pod | Where-Object {{ $_.Namespace -eq '{_namespace.Name}' -and $_.Name -eq '{name}' }} | ForEach-Object Reason", reason);

    private void UntilGiven(string script, string expected)
    {
        var end = DateTime.UtcNow + TimeSpan.FromSeconds(180);
        IReadOnlyList<string?> found;
        while (!(found = [.. Run(script).ThrowIfFailed().Strings]).SequenceEqual([expected]) && DateTime.UtcNow < end)
        {
            Thread.Sleep(500);
        }

        Assert.Equal([expected], found);
    }

    private string Message(string name) => Of(name, "Message").Single()!;

    private List<string?> Evidence(string name) => Of(name, "Evidence");

    // Between two ends a container runs for a moment.
    private List<string?> Of(string name, string property)
    {
        var end = DateTime.UtcNow + TimeSpan.FromSeconds(120);
        List<string?> found;
        while ((found = [.. Now(name, property)]).Count == 0 && DateTime.UtcNow < end)
        {
            Thread.Sleep(500);
        }

        return found;
    }

    private IEnumerable<string?> Now(string name, string property) => Run($"Test-Homelab -Area Pod | Where-Object {{ $_.Namespace -eq '{_namespace.Name}' -and $_.Name -eq '{name}' }} | ForEach-Object {property}").ThrowIfFailed().Strings;
}
