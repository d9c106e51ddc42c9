namespace HomelabOps.Core.Tests.Diagnosis.Manifests;

/// <summary>Values that every API server refuses, each told where it is written.</summary>
public sealed class ValueRuleTests
{
    private const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: app, namespace: media}
        spec:
          selector: {matchLabels: {app: app}}
          template:
            metadata: {labels: {app: app}}
            spec:
              containers:
                - name: app
                  image: nginx
                  ports: [{containerPort: 80, name: web}]
                  #container
              volumes: [{name: data, emptyDir: {}}]
              #pod

        """;

    [Theory]
    [InlineData("resources: {limits: {memory: 1GiB}}", "13:32")]
    [InlineData("resources: {limits: {cpu: 1.5.0}}", "13:32")]
    [InlineData("resources: {limits: {cpu: '1'}, requests: {cpu: 1500m}}", "13:54")]
    [InlineData("resources: {limits: {memory: 1e3Ki}}", "13:32")]
    [InlineData("resources: {requests: {memory: -1Gi}}", "13:34")]
    [InlineData("resources: {requests: {memroy: 1Gi}}", "13:34")]
    [InlineData("env: [{name: 'A=B'}]", "13:18")]
    [InlineData("env: [{name: A, value: b, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]", "13:37")]
    [InlineData("env: [{name: A, valueFrom: {}}]", "13:27")]
    [InlineData("livenessProbe: {periodSeconds: 3}", "13:11")]
    [InlineData("livenessProbe: {tcpSocket: {port: 80}, periodSeconds: -1}", "13:50")]
    [InlineData("livenessProbe: {tcpSocket: {port: 80}, timeoutSeconds: -1}", "13:50")]
    [InlineData("readinessProbe: {tcpSocket: {port: 80}, initialDelaySeconds: -1}", "13:51")]
    [InlineData("livenessProbe: {tcpSocket: {port: 80}, successThreshold: 2}", "13:50")]
    [InlineData("livenessProbe: {tcpSocket: {port: 0}}", "13:39")]
    [InlineData("livenessProbe: {tcpSocket: {port: web_port}}", "13:39")]
    [InlineData("startupProbe: {exec: {command: [a]}, httpGet: {port: 80, scheme: HTTP}}", "13:48")]
    [InlineData("volumeMounts: [{name: data, mountPath: /a}, {name: data, mountPath: /a}]", "13:68")]
    [InlineData("volumeMounts: [{name: data, mountPath: /a, subPath: /b}]", "13:54")]
    [InlineData("terminationMessagePolicy: Files", "13:11")]
    public void In_a_container(string text, string place) => Assert.Equal($"Error FieldInvalid {place}", Told(Deployment.Replace("#container", text, StringComparison.Ordinal)));

    [Theory]
    [InlineData("initContainers: [{name: app, image: a}]", "10:11")]
    [InlineData("initContainers: [{name: a.b, image: a}]", "15:25")]
    [InlineData("initContainers: [{name: a, image: ' b'}]", "15:34")]
    [InlineData("restartPolicy: OnFailure", "15:7")]
    [InlineData("nodeSelector: {role: 'a b'}", "15:22")]
    [InlineData("hostAliases: [{ip: 10.0.0, hostnames: [a]}]", "15:22")]
    [InlineData("tolerations: [{key: a, operator: Exists, value: b}]", "15:48")]
    [InlineData("affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: a, labelSelector: {matchExpressions: [{key: a, operator: Is}]}}]}}", "15:146")]
    [InlineData("hostname: a_b", "15:7")]
    public void In_a_pod(string text, string place) => Assert.Equal($"Error FieldInvalid {place}", Told(Deployment.Replace("#pod", text, StringComparison.Ordinal)));

    [Theory]
    [InlineData("name: web}", "name: a-name-much-too-long}", "12:39")]
    [InlineData("name: web}", "name: Web}", "12:39")]
    [InlineData("name: web}", "name: '8080'}", "12:39")]
    [InlineData("name: web}", "name: web}, {containerPort: 81, name: web}", "12:71")]
    [InlineData("containerPort: 80", "containerPort: 65536", "12:20")]
    [InlineData("{name: data, emptyDir: {}}", "{name: data, emptyDir: {}}, {name: data, emptyDir: {}}", "14:46")]
    [InlineData("{name: data, emptyDir: {}}", "{name: data_b, emptyDir: {}}", "14:18")]
    [InlineData("emptyDir: {}", "emptyDir: {}, hostPath: {path: /a}", "14:44")]
    [InlineData("emptyDir: {}", "hostPath: {path: /a/../b}", "14:41")]
    [InlineData("emptyDir: {}", "nfs: {server: a, path: b}", "14:47")]
    [InlineData("metadata: {name: app", "metadata: {name: App_1", "3:12")]
    [InlineData("namespace: media}", "namespace: Media_1}", "3:23")]
    [InlineData("namespace: media}", "namespace: media, labels: {'a b': c}}", "3:50")]
    [InlineData("namespace: media}", "namespace: media, labels: {a: '-c'}}", "3:50")]
    [InlineData("namespace: media}", "namespace: media, annotations: {a/b/c: d}}", "3:55")]
    [InlineData("metadata: {labels: {app: app}}", "metadata: {labels: {app: app, b: 'c d'}}", "7:35")]
    [InlineData("{matchLabels: {app: app}}", "{matchLabels: {app: app}, matchExpressions: [{key: app, operator: Exists, values: [a]}]}", "5:87")]
    [InlineData("{matchLabels: {app: app}}", "{}", "5:3")]
    [InlineData("  selector", "  strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}\n  selector", "5:30")]
    [InlineData("  selector", "  replicas: -1\n  selector", "5:3")]
    public void In_a_workload(string was, string becomes, string place) => Assert.Equal($"Error FieldInvalid {place}", Told(Deployment.Replace(was, becomes, StringComparison.Ordinal)));

    [Theory]
    [InlineData("image: nginx", "image: nginx\n          resources: {limits: {memory: .5Gi, cpu: 1.5, nvidia.com/gpu: 1, hugepages-2Mi: 1e3}, requests: {cpu: 1500m}}")]
    [InlineData("image: nginx", "image: nginx\n          resources: {limits: {memory: '${MEMORY}', cpu: '${CPU}'}, requests: {cpu: 500}}")]
    [InlineData("image: nginx", "image: nginx\n          env: [{name: my.env-NAME_1}, {name: A, value: '', valueFrom: {fieldRef: {fieldPath: metadata.name}}}, {name: '${NAME}'}]")]
    [InlineData("image: nginx", "image: nginx\n          livenessProbe: {httpGet: {port: web}, periodSeconds: 0}\n          readinessProbe: {tcpSocket: {port: '${PORT}'}, successThreshold: 3}")]
    [InlineData("name: web}", "name: a-name-of-15-ch}, {containerPort: 80, name: '', protocol: UDP}")]
    [InlineData("emptyDir: {}", "configMap: {name: a, defaultMode: 0644, items: [{key: a, path: b..c}]}")]
    [InlineData("{name: app, namespace: media}", "{name: 1.app-a, namespace: media, labels: {a.b/C_d: '', e: '${V}', '${K}': f}, annotations: {A.b/C: any thing}}")]
    [InlineData("{matchLabels: {app: app}}", "{matchLabels: {app: app}, matchExpressions: [{key: app, operator: In, values: [app, b]}, {key: c, operator: DoesNotExist}]}")]
    [InlineData("#pod", "initContainers: [{name: a, image: b, ports: [{containerPort: 1, name: web}]}]\n      hostAliases: [{ip: '::1'}, {ip: 010.0.0.1}]\n      tolerations: [{operator: Exists}, {key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 3}]")]
    public void What_a_server_takes_is_well(string was, string becomes) => Assert.Equal("", Told(Deployment.Replace(was, becomes, StringComparison.Ordinal)));

    [Fact]
    public void What_only_older_servers_refuse_is_a_warning() =>
        Assert.Equal("Warning FieldInvalid 13:18", Told(Deployment.Replace("#container", "env: [{name: 1A}]", StringComparison.Ordinal)));

    [Fact]
    public void A_selector_that_expressions_turn_away_from_its_pods_is_told() =>
        Assert.Equal("Error SelectorMismatch 5:58", Told(Deployment.Replace("{matchLabels: {app: app}}", "{matchLabels: {app: app}, matchExpressions: [{key: app, operator: NotIn, values: [app]}]}", StringComparison.Ordinal)));

    [Theory]
    [InlineData("livenessProbe: {httpGet: {port: http}}", "Error PortUnknown 13:37")]
    [InlineData("readinessProbe: {tcpSocket: {port: web}}", "")]
    public void A_probe_of_a_port_that_its_container_does_not_have_is_told(string text, string expected) => Assert.Equal(expected, Told(Deployment.Replace("#container", text, StringComparison.Ordinal)));

    [Theory]
    [InlineData("{app: app}", "http", "Warning PortUnknown 21:22")]
    [InlineData("{app: app}", "web", "")]
    [InlineData("{app: app}", "80", "")]
    [InlineData("{app: other}", "http", "")]
    [InlineData("{app: '${APP}'}", "http", "")]
    public void A_service_for_a_port_that_none_of_its_pods_has_is_told(string selector, string port, string expected) =>
        Assert.Equal(expected, Told($"{Deployment}---\napiVersion: v1\nkind: Service\nmetadata: {{name: app, namespace: media}}\nspec: {{selector: {selector},\n  ports: [{{port: 80, targetPort: {port}}}]}}\n"));

    [Theory]
    [InlineData("{ports: [{port: 0}]}", "4:17")]
    [InlineData("{ports: [{port: 80, name: Web}]}", "4:27")]
    [InlineData("{ports: [{port: 80, name: a}, {port: 81, name: a}]}", "4:48")]
    [InlineData("{ports: [{port: 80, name: a}, {port: 80, name: b}]}", "4:38")]
    [InlineData("{ports: [{port: 80, targetPort: web_port}]}", "4:27")]
    [InlineData("{ports: [{port: 80, nodePort: 30080}]}", "4:27")]
    [InlineData("{clusterIP: 10.0.0, ports: [{port: 80}]}", "4:8")]
    [InlineData("{clusterIP: None, type: LoadBalancer, ports: [{port: 80}]}", "4:8")]
    [InlineData("{externalIPs: [10.0.0.256], ports: [{port: 80}]}", "4:22")]
    [InlineData("{type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.1], ports: [{port: 80}]}", "4:55")]
    [InlineData("{type: ExternalName, externalName: A_b}", "4:28")]
    [InlineData("{selector: {'a b': c}, ports: [{port: 80}]}", "4:19")]
    [InlineData("{externalTrafficPolicy: Local, ports: [{port: 80}]}", "4:8")]
    [InlineData("{clusterIP: None}", null)]
    [InlineData("{type: ExternalName, externalName: a.example.}", null)]
    [InlineData("{ports: [{port: 80, name: a-long-name-of-a-port, targetPort: '${PORT}'}, {port: 80, name: b, protocol: UDP}]}", null)]
    [InlineData("{type: LoadBalancer, loadBalancerIP: '${IP}', loadBalancerSourceRanges: [' 10.0.0.0/8 '], ports: [{port: 80, targetPort: 0, nodePort: 30080}]}", null)]
    public void In_a_service(string spec, string? place) => Is("v1", "Service", "spec: " + spec, place);

    [Fact]
    public void An_address_that_no_balancer_can_give_is_a_warning() => Assert.Equal(
        "Warning FieldInvalid 4:28", Told("apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: media}\nspec: {type: LoadBalancer, loadBalancerIP: 10.0.0.300, ports: [{port: 80}]}\n"));

    [Theory]
    [InlineData("v1", "Secret", "data: {a: not base64}", "4:8")]
    [InlineData("v1", "ConfigMap", "data: {'a b': c}", "4:8")]
    [InlineData("v1", "ConfigMap", "data: {a..b: c, .d: e}", null)]
    [InlineData("v1", "PersistentVolumeClaim", "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 5GB}}}", "4:61")]
    [InlineData("v1", "PersistentVolumeClaim", "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 0}}}", "4:61")]
    [InlineData("v1", "PersistentVolumeClaim", "spec: {accessModes: [ReadWriteOnce], volumeMode: File, resources: {requests: {storage: 5G}}}", "4:38")]
    [InlineData("networking.k8s.io/v1", "Ingress", "spec: {rules: [{host: 10.0.0.1}]}", "4:17")]
    [InlineData("networking.k8s.io/v1", "Ingress", "spec: {rules: [{http: {paths: [{path: a, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}]}}]}", "4:33")]
    [InlineData("networking.k8s.io/v1", "Ingress", "spec: {rules: [{http: {paths: [{path: /, pathType: prefix, backend: {service: {name: a, port: {number: 80}}}}]}}]}", "4:42")]
    [InlineData("networking.k8s.io/v1", "Ingress", "spec: {rules: [{host: '*.a', http: {paths: [{path: /a(.*), pathType: ImplementationSpecific, backend: {service: {name: a, port: {name: web}}}}]}}], tls: [{hosts: [10.0.0.1]}]}", null)]
    [InlineData("rbac.authorization.k8s.io/v1", "RoleBinding", "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Rol, name: a}", "4:48")]
    [InlineData("source.toolkit.fluxcd.io/v1", "HelmRepository", "spec: {interval: 1d, url: https://charts.example}", "4:8")]
    [InlineData("source.toolkit.fluxcd.io/v1", "HelmRepository", "spec: {interval: 1h30m, timeout: 5 min, url: https://charts.example}", "4:25")]
    [InlineData("metallb.io/v1beta1", "IPAddressPool", "spec: {addresses: [10.0.0.1-10.0.0.9, 10.0.0.0/24, 'fc00::/64', '10.0.0.1 - 10.0.0.2', '${RANGE}']}", null)]
    [InlineData("metallb.io/v1beta1", "IPAddressPool", "spec: {addresses: [10.0.0.5]}", "4:20")]
    [InlineData("metallb.io/v1beta1", "IPAddressPool", "spec: {addresses: [10.0.0.9-10.0.0.1]}", "4:20")]
    [InlineData("metallb.io/v1beta1", "IPAddressPool", "spec: {addresses: [10.0.0.1-fc00::1]}", "4:20")]
    [InlineData("metallb.io/v1beta1", "IPAddressPool", "spec: {addresses: [10.0.0.0/33]}", "4:20")]
    public void In_other_kinds(string apiVersion, string kind, string content, string? place) => Is(apiVersion, kind, content, place);

    [Fact]
    public void A_value_of_a_secret_is_not_told()
    {
        var finding = Assert.Single(new Checked().WithApp("apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: media}\ndata: {a: hunter2}\n").Findings(), finding => finding.Reason == "FieldInvalid");
        Assert.DoesNotContain("hunter2", finding.Message + finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rbac.authorization.k8s.io/v1", "Role", "system:a_B", true)]
    [InlineData("rbac.authorization.k8s.io/v1", "Role", "a/b", false)]
    [InlineData("v1", "ServiceAccount", "1.a", true)]
    [InlineData("v1", "ServiceAccount", "a_b", false)]
    [InlineData("v1", "Service", "1a", false)]
    [InlineData("example.org/v1", "Thing", "a.b", true)]
    [InlineData("example.org/v1", "Thing", "A", false)]
    public void Names_are_as_the_kind_has_them(string apiVersion, string kind, string name, bool isWell) =>
        Assert.Equal(!isWell, new Checked().WithApp($"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: '{name}', namespace: media}}\n").Findings().Any(finding => finding is { Reason: "FieldInvalid", Line: 3, Column: 12 }));

    [Theory]
    [InlineData("restartPolicy: Never, ", "0 0 * * SUN-sat", "")]
    [InlineData("restartPolicy: Never, ", "*/15 5/15 ? JAN,3 0-5/2", "")]
    [InlineData("restartPolicy: Never, ", "@every 1h30m", "")]
    [InlineData("restartPolicy: Never, ", "${SCHEDULE}", "")]
    [InlineData("restartPolicy: Never, ", "0 0 * * 7", "Error FieldInvalid 5:3")]
    [InlineData("restartPolicy: Never, ", "60 * * * *", "Error FieldInvalid 5:3")]
    [InlineData("restartPolicy: Never, ", "* * * *", "Error FieldInvalid 5:3")]
    [InlineData("restartPolicy: Never, ", "*/0 * * * *", "Error FieldInvalid 5:3")]
    [InlineData("restartPolicy: Never, ", "10-5 * * * *", "Error FieldInvalid 5:3")]
    [InlineData("restartPolicy: Never, ", "@reboot", "Error FieldInvalid 5:3")]
    [InlineData("restartPolicy: Always, ", "@daily", "Error FieldInvalid 6:42")]
    [InlineData("", "@daily", "Error FieldMissing 6:35")]
    public void Jobs_run_when_a_server_says_so(string policy, string schedule, string expected) => Assert.Equal(expected, Told(
        $"apiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: a, namespace: media}}\nspec:\n  schedule: '{schedule}'\n  jobTemplate: {{spec: {{template: {{spec: {{{policy}containers: [{{name: a, image: b}}]}}}}}}}}\n"));

    private static void Is(string apiVersion, string kind, string content, string? place) =>
        Assert.Equal(place is null ? "" : $"Error FieldInvalid {place}", Told($"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: a, namespace: media}}\n{content}\n"));

    private static string Told(string text) => string.Join('\n', new Checked().WithApp(text).Findings()
        .Where(finding => finding.Reason is not ("SecretReadable" or "NamespaceAbsent" or "ClaimAbsent")).Select(finding => $"{finding.Severity} {finding.Reason} {finding.Line}:{finding.Column}"));
}
