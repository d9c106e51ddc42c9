namespace HomelabOps.Core.Tests.Diagnosis.Manifests;

/// <summary>What is wrong with the objects that Flux would apply.</summary>
public sealed class ObjectCheckTests
{
    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: pools.metallb.io}
        spec:
          group: metallb.io
          scope: Namespaced
          names: {kind: Pool, plural: pools}
          versions:
            - name: v1
              served: true
              storage: true
              schema:
                openAPIV3Schema:
                  type: object
                  properties:
                    spec:
                      type: object
                      required: [addresses, given]
                      properties:
                        addresses: {type: array, minItems: 1, items: {type: string, pattern: '^[0-9.-]+$'}}
                        given: {type: boolean, default: true}
                        mode: {type: string, enum: [layer2, bgp], maxLength: 6}
                        weight: {type: integer, minimum: 1, maximum: 10}
                        open: {type: object, x-kubernetes-preserve-unknown-fields: true}
            - {name: v1beta1, served: true, storage: false, deprecated: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
            - {name: v1alpha1, served: false, storage: false, schema: {openAPIV3Schema: {type: object}}}

        """;

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
                  volumeMounts: [{name: data, mountPath: /data}]
              volumes: [{name: data, persistentVolumeClaim: {claimName: pvc-app}}]
        """;

    private const string Claim = "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: pvc-app, namespace: media}\nspec:\n  accessModes: [ReadWriteOnce]\n  storageClassName: ''\n  volumeName: pv-app\n  resources: {requests: {storage: 5Gi}}\n";
    private const string Volume = "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {name: pv-app}\nspec:\n  capacity: {storage: 5Gi}\n  accessModes: [ReadWriteOnce]\n  storageClassName: ''\n  claimRef: {name: pvc-app, namespace: media}\n  hostPath: {path: /data/pods/app}\n";

    [Theory]
    [InlineData("pin: 987654", "987654")]
    [InlineData("open: true", "true;")]
    public void A_value_of_a_Secret_is_never_told(string entry, string value)
    {
        var finding = Assert.Single(new Checked().WithApp($"apiVersion: v1\nkind: Secret\nmetadata: {{name: s, namespace: media}}\nstringData: {{{entry}}}\n").Findings(), finding => finding.Reason == "FieldInvalid");
        Assert.DoesNotContain(value, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workload_that_is_well_has_no_finding() => Assert.Empty(new Checked().WithApp($"{Deployment}\n{Claim}{Volume}").Findings());

    [Theory]
    [InlineData("image: nginx", "image: nginx\n          imagePolicy: Always", "Error FieldUnknown apps/extra.yaml:12:11")]
    [InlineData("image: nginx", "image: nginx\n          ports: [{containerPort: '80'}]", "Error FieldInvalid apps/extra.yaml:12:20")]
    [InlineData("image: nginx", "image: nginx\n          env: [{name: A, value: 1}]", "Error FieldInvalid apps/extra.yaml:12:27")]
    [InlineData("image: nginx", "image: nginx\n          env: [{value: a}]", "Error FieldMissing apps/extra.yaml:12:17")]
    [InlineData("image: nginx", "image: nginx\n          imagePullPolicy: always", "Error FieldInvalid apps/extra.yaml:12:11")]
    [InlineData("image: nginx", "image: nginx\n          ports: [{containerPort: 53, protocol: udp}]", "Error FieldInvalid apps/extra.yaml:12:39")]
    [InlineData("  selector", "  strategy: {type: Rolling}\n  selector", "Error FieldInvalid apps/extra.yaml:5:14")]
    [InlineData("metadata: {name: app, namespace: media}", "metadata: {name: app, namespace: media, labels: {a: true}}", "Error FieldInvalid apps/extra.yaml:3:50")]
    [InlineData("{app: app}}\n  template", "{app: other}}\n  template", "Error SelectorMismatch apps/extra.yaml:5:28")]
    [InlineData("[{name: data, mountPath", "[{name: config, mountPath", "Error VolumeUnknown apps/extra.yaml:12:27")]
    [InlineData("apiVersion: apps/v1", "apiVersion: extensions/v1beta1", "Error ApiVersionRemoved apps/extra.yaml:1:1")]
    [InlineData("apiVersion: apps/v1", "apiVersion: v1", "Error ApiVersionUnknown apps/extra.yaml:1:1")]
    [InlineData("kind: Deployment", "kind: Deploymnet", "Error ApiVersionUnknown apps/extra.yaml:1:1")]
    [InlineData("claimName: pvc-app", "claimName: pvc-app-backup-backup", "Warning ClaimAbsent apps/extra.yaml:13:54")]
    [InlineData("namespace: media", "namespace: medai", "Warning NamespaceAbsent")]
    public void What_the_API_server_would_refuse_is_told(string was, string becomes, string expected)
    {
        var at = Deployment.IndexOf(was, StringComparison.Ordinal);
        var text = Deployment[..at] + becomes + Deployment[(at + was.Length)..];
        var findings = new Checked().WithApp($"{text}\n{Claim}{Volume}").Findings().Select(finding => $"{finding.Severity} {finding.Reason} {finding.Place}").ToArray();
        Assert.Contains(findings, finding => finding.StartsWith(expected, StringComparison.Ordinal));
        Assert.True(findings.Length == 1 || was == "namespace: media", string.Join('\n', findings));
    }

    [Fact]
    public void A_field_that_a_patch_brings_is_told_at_the_nearest_place() => Assert.Equal("Error FieldUnknown apps/app.yaml:1:1", new Checked()
        .With("apps/kustomization.yaml", "resources: [namespace.yaml, app.yaml]\npatches: [{target: {kind: ConfigMap}, patch: '[{op: add, path: /dota, value: {a: b}}]'}]\n").Only());

    [Theory]
    [InlineData("storage: 5Gi}}", "storage: 6Gi}}", "it asks for 6Gi, and the volume has 5Gi")]
    [InlineData("accessModes: [ReadWriteOnce]", "accessModes: [ReadWriteMany]", "ReadWriteMany")]
    [InlineData("storageClassName: ''", "storageClassName: local", "'local'")]
    [InlineData("volumeName: pv-app", "volumeName: pv-other", "'pv-other'")]
    [InlineData("name: pvc-app, ", "name: pvc-new, ", "reserved for the claim 'pvc-app'")]
    public void A_claim_that_cannot_be_bound_is_told_before_it_waits_for_ever(string was, string becomes, string expected)
    {
        var finding = Assert.Single(new Checked().WithApp(Claim.Replace(was, becomes, StringComparison.Ordinal) + Volume).Findings());
        Assert.Equal("ClaimUnbindable", finding.Reason);
        Assert.Contains(expected, finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{addresses: [10.0.0.1-10.0.0.9]}", null)]
    [InlineData("{addresses: [10.0.0.1], open: {any: thing}, mode: bgp, weight: 3}", null)]
    [InlineData("{addresses: ['${RANGE}'], mode: '${MODE}'}", null)]
    [InlineData("{addresses: [10.0.0.1], adresses: []}", "FieldUnknown")]
    [InlineData("{}", "FieldMissing")]
    [InlineData("{addresses: []}", "FieldInvalid")]
    [InlineData("{addresses: [all]}", "FieldInvalid")]
    [InlineData("{addresses: [10.0.0.1], mode: layer3}", "FieldInvalid")]
    [InlineData("{addresses: [10.0.0.1], weight: 11}", "FieldInvalid")]
    [InlineData("{addresses: [10.0.0.1], weight: 1.5}", "FieldInvalid")]
    [InlineData("{addresses: [10.0.0.1], given: 'yes'}", "FieldInvalid")]
    [InlineData("{addresses: 10.0.0.1}", "FieldInvalid")]
    public void A_custom_kind_is_held_against_its_definition(string spec, string? expected)
    {
        var pool = $"apiVersion: metallb.io/v1\nkind: Pool\nmetadata: {{name: a, namespace: media}}\nspec: {spec}\n";
        Assert.Equal(expected is null ? [] : [expected], new Checked().WithApp(pool).WithDefinition(Definition).Findings().Select(finding => finding.Reason));
        Assert.Equal(expected is null ? [] : [expected], new Checked().WithApp(Definition + "---\n" + pool).Findings().Select(finding => finding.Reason));
        Assert.Empty(new Checked().WithApp(pool).Findings());
    }

    [Theory]
    [InlineData("v1beta1", "Warning ApiVersionDeprecated")]
    [InlineData("v1alpha1", "Error ApiVersionUnknown")]
    [InlineData("v2", "Error ApiVersionUnknown")]
    public void A_version_that_a_definition_does_not_serve_is_told(string version, string expected) => Assert.Equal(
        [expected], new Checked().WithApp($"apiVersion: metallb.io/{version}\nkind: Pool\nmetadata: {{name: a, namespace: media}}\n").WithDefinition(Definition).Findings().Select(finding => $"{finding.Severity} {finding.Reason}"));

    [Theory]
    [InlineData("kustomize.toolkit.fluxcd.io/v1beta2", "Kustomization", true)]
    [InlineData("helm.toolkit.fluxcd.io/v2beta2", "HelmRelease", true)]
    [InlineData("notification.toolkit.fluxcd.io/v1beta2", "Alert", true)]
    [InlineData("notification.toolkit.fluxcd.io/v1beta3", "Alert", false)]
    [InlineData("notification.toolkit.fluxcd.io/v1", "Alert", false)]
    [InlineData("source.toolkit.fluxcd.io/v2alpha1", "Bucket", false)]
    public void An_old_version_of_Flux_is_told_also_without_its_definitions(string apiVersion, string kind, bool isOld)
    {
        var text = Checked.Object(apiVersion, kind, "media", "old", "suspend: true\nchartRef: {kind: ExternalArtifact, name: a}\nsourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}\npath: ./apps");
        Assert.Equal(isOld, new Checked().WithApp(text).Findings().Any(finding => finding is { Reason: "ApiVersionDeprecated", Severity: FindingSeverity.Warning }));
    }

    [Theory]
    [InlineData("", "", "Warning DefinitionUnordered")]
    [InlineData("dependsOn: [{name: crds}]", "", null)]
    [InlineData("", "dependsOn: [{name: pools}]", "Error DefinitionAfterUse")]
    public void Objects_must_not_come_before_the_definition_of_their_kind(string objects, string definitions, string? expected) => Assert.Equal(
        expected is null ? [] : [expected],
        new Checked().With("cluster/pools.yaml", Checked.Flux("pools", "./pools", objects)).With("pools/a.yaml", "apiVersion: metallb.io/v1\nkind: Pool\nmetadata: {name: a, namespace: media}\nspec: {addresses: [10.0.0.1]}\n")
            .With("cluster/crds.yaml", Checked.Flux("crds", "./crds", definitions)).With("crds/pool.yaml", Definition).Findings().Select(finding => $"{finding.Severity} {finding.Reason}"));

    [Theory]
    [InlineData("StatefulSet", "apps/v1", "spec: {serviceName: a, replicas: 1}", "spec: {serviceName: b, replicas: 2}", "spec.serviceName")]
    [InlineData("StorageClass", "storage.k8s.io/v1", "provisioner: a\nreclaimPolicy: Retain", "provisioner: a\nreclaimPolicy: Delete", "reclaimPolicy")]
    [InlineData("PersistentVolumeClaim", "v1", "spec: {volumeName: a, resources: {requests: {storage: 1Gi}}}", "spec: {volumeName: b, resources: {requests: {storage: 2Gi}}}", "spec.volumeName")]
    [InlineData("StatefulSet", "apps/v1", "spec: {replicas: 1}", "spec: {serviceName: b, replicas: 2}", null)]
    [InlineData("ConfigMap", "v1", "data: {a: b}", "data: {a: c}", null)]
    public void A_change_that_cannot_be_applied_is_told_before_the_push(string kind, string apiVersion, string before, string after, string? field)
    {
        string Text(string content) => $"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: a, namespace: media}}\n{content}\n";
        string?[] Told(Checked repository) => [.. repository.Findings().Where(finding => finding.Reason == "FieldImmutable").Select(finding => finding.Message)];

        var told = Told(new Checked().WithApp(Text(after)).WithPushed("apps/extra.yaml", Text(before)));
        Assert.Equal(field is null ? [] : [$"{field} of {kind}/media/a cannot be changed once the object exists."], told);
        Assert.Empty(Told(new Checked().WithApp(Text(after)).WithPushed("apps/extra.yaml", Text(after))));
        Assert.Empty(Told(new Checked().WithApp(Text(after)).WithPushed("apps/extra.yaml", Text(before)).With("cluster/apps.yaml", Checked.Flux("apps", "./apps", "force: true"))));
    }

    [Theory]
    [InlineData(null, FindingSeverity.Warning)]
    [InlineData("other", FindingSeverity.Error)]
    [InlineData("lost", FindingSeverity.Info)]
    public void A_namespace_that_nobody_creates_is_as_bad_as_what_the_cluster_has(string? known, FindingSeverity severity)
    {
        var repository = new Checked().WithApp(Checked.Map("a").Replace("media", "lost", StringComparison.Ordinal));
        var finding = Assert.Single((known is null ? repository : repository.WithClusterNamespaces(known)).Findings());
        Assert.Equal(("NamespaceAbsent", severity, "apps/extra.yaml:3:21"), (finding.Reason, finding.Severity, finding.Place));
        Assert.Equal("Nothing creates the namespace 'lost' of 1 object.", finding.Message);
        Assert.EndsWith("'lost' of 2 objects.", Assert.Single(repository.WithApp(Checked.Map("a").Replace("media", "lost", StringComparison.Ordinal) + "---\n" + Checked.Map("b").Replace("media", "lost", StringComparison.Ordinal)).Findings()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_namespace_that_a_chart_creates_is_there() => Assert.Empty(new Checked().WithApp(
        Checked.Release("chartRef: {kind: ExternalArtifact, name: a}\ntargetNamespace: plex\ninstall: {createNamespace: true}") + "---\n" + Checked.Map("a").Replace("media", "plex", StringComparison.Ordinal)).Findings());

    [Fact]
    public void An_object_that_needs_a_namespace_and_has_none_is_told()
    {
        var text = Checked.Map("a").Replace(", namespace: media", "", StringComparison.Ordinal);
        Assert.Equal("Error NamespaceUnset apps/extra.yaml:3:1", new Checked().WithApp(text).Only());
        Assert.Empty(new Checked().With("cluster/more.yaml", Checked.Flux("more", "./more", "targetNamespace: media")).With("more/a.yaml", text).Findings());
    }

    [Theory]
    [InlineData("stringData: {password: hunter2}", "Warning SecretReadable")]
    [InlineData("data: {password: aHVudGVyMg==}", "Warning SecretReadable")]
    [InlineData("stringData: {password: '${PASSWORD}'}", null)]
    [InlineData("type: kubernetes.io/service-account-token", null)]
    [InlineData("data: {password: 'ENC[AES256_GCM,data:abc]'}\nsops: {version: 3.9.0}", "Error DecryptionMissing")]
    public void A_secret_that_everybody_can_read_is_told_without_its_value(string content, string? expected)
    {
        var findings = new Checked().WithApp($"apiVersion: v1\nkind: Secret\nmetadata: {{name: a, namespace: media}}\n{content}\n").Findings();
        Assert.Equal(expected is null ? [] : [expected], findings.Select(finding => $"{finding.Severity} {finding.Reason}"));
        Assert.All(findings, finding => Assert.DoesNotContain("hunter2", finding.ToString() + finding.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public void An_encrypted_secret_that_Flux_decrypts_is_well() => Assert.Empty(new Checked()
        .With("cluster/more.yaml", Checked.Flux("more", "./more", "decryption: {provider: sops, secretRef: {name: sops-age}}"))
        .With("more/secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: media}\ndata: {password: 'ENC[AES256_GCM,data:abc]'}\nsops: {version: 3.9.0}\n").Findings());
}
