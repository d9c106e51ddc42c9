namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Volumes, claims and storage classes.</summary>
public abstract class VolumeChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private const string Volumes = "/api/v1/persistentvolumes";
    private const string Classes = "/apis/storage.k8s.io/v1/storageclasses";
    private const string Spec = """ "accessModes":["ReadWriteOnce"],"storageClassName":"nothing","resources":{"requests":{"storage":"1Gi"} } """;
    private const string VolumeSpec = """ "capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"storageClassName":"others","hostPath":{"path":"/nothing"} """;

    private string Claims => Core + "/persistentvolumeclaims";

    [Theory]
    [InlineData(""" "capacity":{} """, "spec.capacity: Required value", "spec.capacity: Unsupported value: core.ResourceList{}: supported values: \"storage\"")]
    [InlineData(""" "capacity":null """, "spec.capacity: Required value", "spec.capacity: Unsupported value: core.ResourceList(nil): supported values: \"storage\"")]
    [InlineData(""" "capacity":{"cpu":"1"} """, "spec.capacity: Unsupported value: core.ResourceList{\"cpu\":resource.Quantity{i:resource.int64Amount{value:1, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:\"1\", Format:\"DecimalSI\"}}: supported values: \"storage\"")]
    [InlineData(""" "hostPath":{"path":"/a/../b"} """, "spec.hostPath.path: Invalid value: \"/a/../b\": must not contain '..'")]
    [InlineData(""" "hostPath":{"path":""} """, "spec.hostPath.path: Required value")]
    [InlineData(""" "hostPath":{"path":"/x","type":"Foo"} """, "spec.hostPath.type: Unsupported value: \"Foo\": supported values: \"\", \"BlockDevice\", \"CharDevice\", \"Directory\", \"DirectoryOrCreate\", \"File\", \"FileOrCreate\", \"Socket\"")]
    public void A_volume_has_room_and_a_place(string spec, params string[] why) => Refused(
        Post("/api/v1/persistentvolumes?dryRun=All", Object("v1", "PersistentVolume", NewName("pv"), $$""" "spec":{"accessModes":["ReadWriteOnce"],{{(spec.Contains("capacity", StringComparison.Ordinal) ? """ "hostPath":{"path":"/x"} """ : """ "capacity":{"storage":"1Gi"} """)}},{{spec}} } """)), why);

    [Fact]
    public void A_claim_waits_and_is_protected()
    {
        var answer = NewClaim(Spec).Created();
        Assert.Equal(("Pending", "Filesystem", """["kubernetes.io/pvc-protection"]"""), (answer["status.phase"], answer["spec.volumeMode"], answer["metadata.finalizers"]));
    }

    [Theory]
    [InlineData(""" "resources":{"requests":{"storage":"1Gi"} } """, "spec.accessModes: Required value: at least 1 access mode is required")]
    [InlineData(""" "accessModes":["ReadWriteOnce"] """, "spec.resources[storage]: Required value")]
    [InlineData(""" "accessModes":["Sometimes"],"resources":{"requests":{"storage":"1Gi"} } """, "spec.accessModes: Unsupported value: \"Sometimes\": supported values: {modes}")]
    [InlineData(""" "accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"0"} } """, "spec.resources[storage]: Invalid value: \"0\": must be greater than zero")]
    public void A_claim_that_makes_no_sense_is_invalid(string spec, string why)
    {
        var name = NewName("c");
        var modes = Since(VersionDifference.SinglePodAccess, "\"ReadOnlyMany\", \"ReadWriteMany\", \"ReadWriteOnce\", \"ReadWriteOncePod\"", "\"ReadOnlyMany\", \"ReadWriteMany\", \"ReadWriteOnce\"");
        NewClaim(spec, name).Fails(422, "Invalid", $"PersistentVolumeClaim \"{name}\" is invalid: {why.Replace("{modes}", modes, StringComparison.Ordinal)}");
    }

    [Fact]
    public void The_spec_of_a_claim_stays()
    {
        var name = NewClaim(Spec).Created()["metadata.name"];
        var answer = Patch($"{Claims}/{name}", """{"spec":{"accessModes":["ReadWriteMany"]} }""").Invalid(("spec", "FieldValueForbidden"));
        Assert.Contains("spec is immutable after creation except resources.requests", answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_that_waits_does_not_grow()
    {
        var name = NewClaim(Spec).Created()["metadata.name"];
        Patch($"{Claims}/{name}", """{"spec":{"resources":{"requests":{"storage":"2Gi"} } } }""").Fails(422, "Invalid");
    }

    [Fact]
    public void A_claim_can_be_bound_once()
    {
        var name = NewClaim(Spec).Created()["metadata.name"];
        Patch($"{Claims}/{name}", """{"spec":{"volumeName":"v"} }""").Ok();
        Patch($"{Claims}/{name}", """{"spec":{"volumeName":"w"} }""").Invalid(("spec", "FieldValueForbidden"));
    }

    [Fact]
    public void A_claim_that_nobody_uses_goes()
    {
        var name = NewClaim(Spec).Created()["metadata.name"];
        Assert.Equal("PersistentVolumeClaim", Delete($"{Claims}/{name}").Ok()["kind"]);
        Eventually(() => Get($"{Claims}/{name}"), answer => answer.Status == 404);
    }

    [Fact]
    public void A_claim_that_a_pod_uses_stays()
    {
        var name = NewClaim(Spec).Created()["metadata.name"];
        var pod = NewName("p");
        Post(Core + "/pods", Pod(pod, $$""" "volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"{{name}}"} }] """)).Created();

        // A pod that no node has does not use its claim yet.
        Post($"{Core}/pods/{pod}/binding", Object("v1", "Binding", pod, """ "target":{"kind":"Node","name":"nowhere"} """)).Created();
        Delete($"{Claims}/{name}").Ok();
        Assert.Contains("pvc-protection", Get($"{Claims}/{name}").Ok()["metadata.finalizers"], StringComparison.Ordinal);
        Delete($"{Core}/pods/{pod}?gracePeriodSeconds=0").Ok();
        Eventually(() => Get($"{Claims}/{name}"), answer => answer.Status == 404);
    }

    [Fact]
    public void A_volume_gets_defaults_and_is_protected()
    {
        var answer = NewVolume(VolumeSpec).Created();
        Assert.Equal(("Retain", "Filesystem", "Pending"), (answer["spec.persistentVolumeReclaimPolicy"], answer["spec.volumeMode"], answer["status.phase"]));
        Assert.Contains("kubernetes.io/pv-protection", answer["metadata.finalizers"], StringComparison.Ordinal);
        Assert.Equal("""{"path":"/nothing","type":""}""", answer["spec.hostPath"]);
    }

    [Theory]
    [InlineData(""" "accessModes":["ReadWriteOnce"],"hostPath":{"path":"/x"} """, "spec.capacity: Required value")]
    [InlineData(""" "capacity":{"storage":"1Gi"},"hostPath":{"path":"/x"} """, "spec.accessModes: Required value")]
    [InlineData(""" "capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"] """, "spec: Required value: must specify a volume type")]
    [InlineData(""" "capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/x"},"nfs":{"server":"s","path":"/x"} """, "spec.nfs: Forbidden: may not specify more than 1 volume type")]
    [InlineData(""" "capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"persistentVolumeReclaimPolicy":"X","hostPath":{"path":"/x"} """, "spec.persistentVolumeReclaimPolicy: Unsupported value: \"X\": supported values: \"Delete\", \"Recycle\", \"Retain\"")]
    public void A_volume_that_makes_no_sense_is_invalid(string spec, string why)
    {
        var name = NewName("v");
        var answer = Post(Volumes, Object("v1", "PersistentVolume", name, $$""" "spec":{ {{spec}} } """)).Fails(422, "Invalid");
        Assert.Contains(why, answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_source_of_a_volume_stays()
    {
        var name = NewVolume(VolumeSpec).Created()["metadata.name"];
        var answer = Patch($"{Volumes}/{name}", """{"spec":{"hostPath":{"path":"/other"} } }""").Fails(422, "Invalid");
        Assert.Contains("spec.persistentvolumesource: Forbidden: ", answer["message"], StringComparison.Ordinal);
        Assert.Equal("2Gi", Patch($"{Volumes}/{name}", """{"spec":{"capacity":{"storage":"2Gi"} } }""").Ok()["spec.capacity.storage"]);
    }

    [Fact]
    public void The_node_of_a_volume_is_set_once()
    {
        var name = NewVolume(VolumeSpec).Created()["metadata.name"];
        Patch($"{Volumes}/{name}", $$"""{"spec":{"nodeAffinity":{{Affinity("one")}} } }""").Ok();
        foreach (var affinity in (string[])[Affinity("two"), "null"])
        {
            var answer = Patch($"{Volumes}/{name}", $$"""{"spec":{"nodeAffinity":{{affinity}} } }""").Invalid(("nodeAffinity", "FieldValueInvalid"));
            Assert.Contains("field is immutable", answer["message"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_local_volume_has_a_node()
    {
        const string Local = """ "capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"storageClassName":"others","local":{"path":"/nothing"} """;
        var name = NewName("v");
        var answer = Post(Volumes, Object("v1", "PersistentVolume", name, $$""" "spec":{ {{Local}} } """));
        answer.Fails(422, "Invalid", $"PersistentVolume \"{name}\" is invalid: spec.nodeAffinity: Required value: Local volume requires node affinity");
        NewVolume($$"""{{Local}},"nodeAffinity":{{Affinity("one")}} """).Created();
    }

    [Fact]
    public void A_volume_that_nobody_claims_goes()
    {
        var name = NewVolume(VolumeSpec).Created()["metadata.name"];
        Delete($"{Volumes}/{name}").Ok();
        Eventually(() => Get($"{Volumes}/{name}"), answer => answer.Status == 404);
    }

    [Fact]
    public void A_class_gets_defaults()
    {
        var answer = NewClass().Created();
        Assert.Equal(("Delete", "Immediate"), (answer["reclaimPolicy"], answer["volumeBindingMode"]));
    }

    [Theory]
    [InlineData("""{"provisioner":"other"}""", "provisioner: Forbidden: updates to provisioner are forbidden.")]
    [InlineData("""{"parameters":{"a":"b"} }""", "parameters: Forbidden: updates to parameters are forbidden.")]
    [InlineData("""{"reclaimPolicy":"Retain"}""", "reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.")]
    [InlineData("""{"volumeBindingMode":"WaitForFirstConsumer"}""", "volumeBindingMode: Invalid value: \"WaitForFirstConsumer\": field is immutable")]
    public void A_class_stays_as_it_was(string patch, string why)
    {
        var name = NewClass().Created()["metadata.name"];
        Patch($"{Classes}/{name}", patch).Fails(422, "Invalid", $"StorageClass.storage.k8s.io \"{name}\" is invalid: {why}");
    }

    private ApiAnswer NewClaim(string spec, string? name = null) => Post(Claims, Object("v1", "PersistentVolumeClaim", name ?? NewName("c"), $$""" "spec":{ {{spec}} } """));

    private ApiAnswer NewVolume(string spec)
    {
        var name = NewName("v");
        Server.DeleteLater($"{Volumes}/{name}");
        return Post(Volumes, Object("v1", "PersistentVolume", name, $$""" "spec":{ {{spec}} } """));
    }

    private static string Affinity(string node) => $$"""{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"kubernetes.io/hostname","operator":"In","values":["{{node}}"]}]}]} }""";

    private ApiAnswer NewClass()
    {
        var name = NewName("sc");
        Server.DeleteLater($"{Classes}/{name}");
        return Post(Classes, Object("storage.k8s.io/v1", "StorageClass", name, """ "provisioner":"example.org/x" """));
    }
}

/// <inheritdoc/>
public sealed class SandboxVolume(SandboxUnderTest server) : VolumeChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabVolume(LabUnderTest server) : VolumeChecks(server), IClassFixture<LabUnderTest>;
