namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Tables, and metadata alone: the forms of an answer that are not the object.</summary>
public abstract class TableChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    private const string Partial = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    private const string PartialList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

    [Theory]
    [InlineData("/api/v1/configmaps", "Name,Data,Age")]
    [InlineData("/api/v1/secrets", "Name,Type,Data,Age")]
    [InlineData("/api/v1/namespaces", "Name,Status,Age")]
    [InlineData("/api/v1/pods", "Name,Ready,Status,Restarts,Age,IP,Node,Nominated Node,Readiness Gates")]
    [InlineData("/api/v1/services", "Name,Type,Cluster-IP,External-IP,Port(s),Age,Selector")]
    [InlineData("/api/v1/serviceaccounts", "Name,Secrets,Age")]
    [InlineData("/api/v1/endpoints", "Name,Endpoints,Age")]
    [InlineData("/api/v1/nodes", "Name,Status,Roles,Age,Version,Internal-IP,External-IP,OS-Image,Kernel-Version,Container-Runtime")]
    [InlineData("/api/v1/events", "Last Seen,Type,Reason,Object,Subobject,Source,Message,First Seen,Count,Name")]
    [InlineData("/apis/apps/v1/deployments", "Name,Ready,Up-to-date,Available,Age,Containers,Images,Selector")]
    [InlineData("/apis/apps/v1/statefulsets", "Name,Ready,Age,Containers,Images")]
    [InlineData("/apis/apps/v1/replicasets", "Name,Desired,Current,Ready,Age,Containers,Images,Selector")]
    [InlineData("/apis/apps/v1/daemonsets", "Name,Desired,Current,Ready,Up-to-date,Available,Node Selector,Age,Containers,Images,Selector")]
    [InlineData("/apis/networking.k8s.io/v1/ingresses", "Name,Class,Hosts,Address,Ports,Age")]
    [InlineData("/apis/storage.k8s.io/v1/storageclasses", "Name,Provisioner,ReclaimPolicy,VolumeBindingMode,AllowVolumeExpansion,Age")]
    public void Columns_are_those_of_the_kind(string path, string columns)
    {
        var answer = Get(path + "?limit=1", Table).Ok();
        Assert.Equal(("Table", "meta.k8s.io/v1"), (answer["kind"], answer["apiVersion"]));
        Assert.Equal(columns, Columns(answer));
    }

    [Theory]
    [InlineData("/apis/batch/v1/jobs", "Name,Status,Completions,Duration,Age,Containers,Images,Selector", "Name,Completions,Duration,Age,Containers,Images,Selector")]
    public void A_job_tells_its_status_where_that_is_known(string path, string now, string before) =>
        Assert.Equal(Since(VersionDifference.JobStatusColumn, now, before), Columns(Get(path, Table).Ok()));

    [Theory]
    [InlineData("/api/v1/persistentvolumes", "Name,Capacity,Access Modes,Reclaim Policy,Status,Claim,StorageClass,VolumeAttributesClass,Reason,Age,VolumeMode")]
    [InlineData("/api/v1/persistentvolumeclaims", "Name,Status,Volume,Capacity,Access Modes,StorageClass,VolumeAttributesClass,Age,VolumeMode")]
    public void Volumes_tell_their_attributes_where_they_have_some(string path, string now) =>
        Assert.Equal(Since(VersionDifference.VolumeAttributesColumn, now, now.Replace("VolumeAttributesClass,", "", StringComparison.Ordinal)), Columns(Get(path, Table).Ok()));

    [Fact]
    public void The_scale_of_a_workload_tells_its_replicas_where_that_is_known()
    {
        var name = NewName("d");
        Post(Apps + "/deployments", Deployment(name)).Created();
        var answer = Get($"{Apps}/deployments/{name}/scale", Table).Ok();
        Assert.Equal(Since(VersionDifference.ScaleTable, "Table", "Scale"), answer["kind"]);
        Assert.Equal(Since(VersionDifference.ScaleTable, "Name,Desired,Available,Age", ""), answer["kind"] == "Table" ? Columns(answer) : "");
    }

    [Fact]
    public void A_row_has_cells_and_the_metadata()
    {
        var name = NewName();
        var created = Post(ConfigMaps, ConfigMap(name, data: """ "a":"1","b":"2" """)).Created();
        var answer = Get($"{ConfigMaps}?fieldSelector=metadata.name%3D{name}", Table).Ok();
        var row = Assert.Single(answer.At("rows")!.AsArray())!.AsObject();
        Assert.Equal((name, "2"), (JsonPlace.Text(row, "cells[0]"), JsonPlace.Text(row, "cells[1]")));
        Assert.Matches("^[0-9]+[sm]", JsonPlace.Text(row, "cells[2]"));
        Assert.Equal(("PartialObjectMetadata", "meta.k8s.io/v1", created["metadata.uid"]), (JsonPlace.Text(row, "object.kind"), JsonPlace.Text(row, "object.apiVersion"), JsonPlace.Text(row, "object.metadata.uid")));
    }

    [Theory]
    [InlineData("None", null)]
    [InlineData("Object", "ConfigMap")]
    [InlineData("Metadata", "PartialObjectMetadata")]
    public void A_row_has_as_much_of_the_object_as_is_asked_for(string include, string? kind)
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name)).Created();
        Assert.Equal(kind, Get($"{ConfigMaps}/{name}?includeObject={include}", Table).Ok()["rows[0].object.kind"]);
    }

    [Fact]
    public void A_table_of_one_object_has_one_row()
    {
        var name = NewName();
        var created = Post(ConfigMaps, ConfigMap(name)).Created();
        var answer = Get($"{ConfigMaps}/{name}", Table).Ok();
        Assert.Equal(("Table", name, created["metadata.resourceVersion"]), (answer["kind"], answer["rows[0].cells[0]"], answer["metadata.resourceVersion"]));
    }

    [Fact]
    public void A_table_is_cut_into_pages()
    {
        Post(ConfigMaps, ConfigMap(NewName())).Created();
        Post(ConfigMaps, ConfigMap(NewName())).Created();
        var answer = Get(ConfigMaps + "?limit=1", Table).Ok();
        Assert.Single(answer.At("rows")!.AsArray());
        Assert.NotNull(answer["metadata.continue"]);
    }

    [Fact]
    public void A_column_is_described()
    {
        var column = Get(ConfigMaps + "?limit=1", Table).Ok().At("columnDefinitions[0]")!.AsObject();
        Assert.Equal(("Name", "string", "name", "0"), (JsonPlace.Text(column, "name"), JsonPlace.Text(column, "type"), JsonPlace.Text(column, "format"), JsonPlace.Text(column, "priority")));
        Assert.NotEmpty(JsonPlace.Text(column, "description")!);
    }

    [Fact]
    public void A_created_object_can_be_answered_as_a_table()
    {
        var name = NewName();
        var answer = Post(ConfigMaps, ConfigMap(name), "application/json", ("Accept", Table)).Created();
        Assert.Equal(("Table", name), (answer["kind"], answer["rows[0].cells[0]"]));
    }

    [Fact]
    public void A_pending_pod_is_shown_as_kubectl_shows_it()
    {
        var name = NewName("p");
        Post(Core + "/pods", Pod(name)).Created();
        var cells = Get($"{Core}/pods/{name}", Table).Ok().At("rows[0].cells")!.AsArray().Select(cell => cell?.ToString()).ToArray();
        Assert.Equal((name, "0/1", "Pending", "0", "<none>", "<none>", "<none>", "<none>"), (cells[0], cells[1], cells[2], cells[3], cells[5], cells[6], cells[7], cells[8]));
    }

    [Fact]
    public void Metadata_comes_alone()
    {
        var name = NewName();
        Post(ConfigMaps, ConfigMap(name)).Created();
        var answer = Get($"{ConfigMaps}/{name}", Partial).Ok();
        Assert.Equal(("PartialObjectMetadata", "meta.k8s.io/v1", name, null), (answer["kind"], answer["apiVersion"], answer["metadata.name"], answer["data"]));
    }

    [Fact]
    public void Metadata_of_a_list_comes_alone()
    {
        Post(ConfigMaps, ConfigMap(NewName())).Created();
        var answer = Get(ConfigMaps, PartialList).Ok();
        Assert.Equal(("PartialObjectMetadataList", "meta.k8s.io/v1"), (answer["kind"], answer["apiVersion"]));
        Assert.Equal(("PartialObjectMetadata", null), (answer["items[0].kind"], answer["items[0].data"]));
        Assert.NotNull(answer["metadata.resourceVersion"]);
    }

    private static string Columns(ApiAnswer answer) => string.Join(',', answer.At("columnDefinitions")!.AsArray().Select(column => (string)column!["name"]!));
}

/// <inheritdoc/>
public sealed class SandboxTable(SandboxUnderTest server) : TableChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabTable(LabUnderTest server) : TableChecks(server), IClassFixture<LabUnderTest>;
