using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.Backups;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Storage;
using HomelabOps.Core.Workloads;
using HomelabOps.Core.Workloads.Wire;

namespace HomelabOps.Core.Tests.Backups;

/// <summary>Where the data of an application is, and how what lies beside it is called.</summary>
public sealed class PlacesTests
{
    [Theory]
    [InlineData("", "", "/data/pods/app")]
    [InlineData("/data/pods/app/", "", "/data/pods/app")]
    [InlineData("/data/pods/app /var/lib/storage/pvc-1 /data/media nas:/export", "", "/data/pods/app /var/lib/storage/pvc-1")]
    [InlineData("/data /data/pods/app", "", "/data/pods/app")]
    [InlineData("/data/pods/app /data/pods/app/config /data/pods/app2", "", "/data/pods/app /data/pods/app2")]
    [InlineData("", "/data/pods/other/config /data/pods /etc/localtime /data/media/tv", "/data/pods/other/config")]
    [InlineData("/data/media/tv /", "", "/data/pods/app")]
    public void Data_is_what_lies_on_the_node_and_nobody_shares(string volumes, string hostPaths, string expected)
    {
        var app = new HomelabApp { Name = "app", HomeNode = "k3s-w1", Volumes = [.. volumes.Split(' ').Where(path => path.Length > 0).Select(path => new HomelabAppVolume { Path = path })] };
        var volumesJson = new JsonArray([.. hostPaths.Split(' ').Select(path => (JsonNode)new JsonObject { ["hostPath"] = new JsonObject { ["path"] = path } })]);
        var json = new JsonObject { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["volumes"] = volumesJson } } } };
        var workload = new Workload(new ResourceType("apps", "v1", "deployments", "Deployment", true), new("c", "Deployment", "ns", "app"), new WorkloadWire(), json);

        var places = BackupPlaces.Of(app, workload, new HomelabConfig());

        Assert.Equal(expected.Split(' '), places.Select(place => place.Path));
        Assert.All(places, place => Assert.Equal("k3s-w1", place.Node));
    }

    [Fact]
    public void A_volume_of_another_node_is_not_meant()
    {
        var app = new HomelabApp { Name = "app", HomeNode = "k3s-w1", Volumes = [new() { Path = "/a/x", Node = "k3s-w2" }, new() { Path = "/a/y", Node = "k3s-w1" }] };
        var workload = new Workload(new ResourceType("apps", "v1", "deployments", "Deployment", true), new("c", "Deployment", "ns", "app"), new WorkloadWire(), []);
        Assert.Equal([new BackupPlace("k3s-w1", "/a/y")], BackupPlaces.Of(app, workload, new HomelabConfig()));
    }

    [Fact]
    public void Names_of_former_data_tell_folder_and_time()
    {
        var time = new DateTime(2026, 11, 26, 15, 45, 0, DateTimeKind.Local);
        Assert.Equal(".a.b.homelabops-20261126-154500", AsideNames.Aside("a.b", time));
        Assert.Equal(("a.b", time), AsideNames.Parse(AsideNames.Aside("a.b", time)));
        Assert.Null(AsideNames.Parse(AsideNames.Stage("a.b", time)));
        Assert.Null(AsideNames.Parse(".homelabops-20261126-154500"));
        Assert.Null(AsideNames.Parse("app"));
    }

    [Theory]
    [InlineData("./app/a b\t5\t7\tff", "app/a b")]
    [InlineData("./app/back\\n\t5\t7\tff", "app/back\\n")]
    [InlineData("\\./app/line\\nfeed\\\\n\t5\t7\tff", "app/line\nfeed\\n")]
    [InlineData("./app/\t\tff", null)]
    public void Lines_of_a_listing_tell_all_names(string line, string? path) => Assert.Equal(path, StoredFile.Parse(Encoding.UTF8.GetBytes(line), hash: true)?.Path);
}
