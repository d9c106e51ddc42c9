using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Drills.Copying;
using HomelabOps.Core.GitOps.Commits;
using HomelabOps.Core.GitOps.Yaml;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Copying;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Tests.Drills;

public sealed class CopyLoaderTests
{
    private const string Own = "ssh://git@git.example.org/owner/homelab.git";

    [Fact]
    public async Task Owners_come_before_what_they_own_and_those_that_are_not_there_are_forgotten()
    {
        await using var server = SandboxServer.Start();
        var plan = Plan(
            Kind("", "v1", "configmaps", "ConfigMap", "{metadata: {name: child, namespace: default, uid: c, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: parent, uid: p}, {apiVersion: k3s.cattle.io/v1, kind: Addon, name: x, uid: nowhere}]}}", "{metadata: {name: parent, namespace: default, uid: p, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: top, uid: t}]}}", "{metadata: {name: top, namespace: default, uid: t}}"),
            Kind("example.org", "v1", "things", "Thing", "{metadata: {name: unknown, namespace: default, uid: u}}"));
        Assert.Equal(["things.example.org"], new CopyLoader(server.Context, plan).Load());

        // The garbage collector has looked by then, since it works in the order of the writes.
        var maps = server.Context.Collection("v1", "ConfigMap");
        Assert.Equal(["p"], Cells.Items(maps.Find(new ObjectKey("default", "child"))!.ToNode(), "metadata.ownerReferences").Select(owner => Cells.Text(owner, "uid")));
        Assert.Equal(("p", "t"), (maps.Find(new("default", "parent"))!.Uid, maps.Find(new("default", "top"))!.Uid));
    }

    [Fact]
    public async Task New_services_get_no_address_and_port_of_those_that_were_copied()
    {
        await using var server = SandboxServer.Start(new() { ServiceNetwork = null });
        var copied = Enumerable.Range(1, 250).Select(number => string.Create(CultureInfo.InvariantCulture, $"{{metadata: {{name: s{number}, namespace: default, uid: u{number}}}, spec: {{type: NodePort, clusterIP: 10.96.0.{number}, ports: [{{port: 80, nodePort: {30000 + number}}}]}}}}"));
        Assert.Empty(new CopyLoader(server.Context, Plan(Kind("", "v1", "services", "Service", [.. copied]))).Load());
        var (kind, version) = server.Context.Kinds.FindKind("v1", "Service")!.Value;
        var made = server.Services.Writer.Create(kind, version, "default", Read("Service", "{metadata: {name: new}, spec: {type: NodePort, ports: [{port: 80}]}}"), CallOptions.Default).Object.ToNode();
        var others = server.Context.Collection("v1", "Service").Read("default").Objects.Select(item => item.ToNode()).Where(item => Cells.Text(item, "metadata.name") != "new").ToList();
        Assert.DoesNotContain(Cells.Text(made, "spec.clusterIP"), others.Select(item => Cells.Text(item, "spec.clusterIP")));
        Assert.DoesNotContain(Port(made), others.Select(Port));

        static long Port(JsonObject service) => Cells.Number(Cells.Items(service, "spec.ports").First(), "nodePort");
    }

    [Fact]
    public async Task A_volume_whose_claim_was_made_meanwhile_waits_for_one_of_its_name()
    {
        await using var server = SandboxServer.Start();
        const string Volume = "{{metadata: {{name: {0}, uid: {0}}}, spec: {{claimRef: {{namespace: media, name: sonarr, uid: {1}, resourceVersion: '7'}}}}, status: {{phase: {2}}}}}";
        var plan = Plan(
            Kind("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "{metadata: {name: sonarr, namespace: media, uid: known}}"),
            Kind("", "v1", "persistentvolumes", "PersistentVolume", [.. new[] { ("bound", "known", "Bound"), ("newer", "later", "Bound"), ("released", "former", "Released") }.Select(volume => string.Format(CultureInfo.InvariantCulture, Volume, volume.Item1, volume.Item2, volume.Item3))]));
        Assert.Empty(new CopyLoader(server.Context, plan).Load());

        // One of another uid would find the volume released, and one that is released stays so.
        Assert.Equal(("known", "7"), Claim("bound"));
        Assert.Equal(("", ""), Claim("newer"));
        Assert.Equal(("former", "7"), Claim("released"));

        (string Uid, string Version) Claim(string name)
        {
            var claim = server.Context.Collection("v1", "PersistentVolume").Find(new ObjectKey("", name))!.ToNode()["spec"]!["claimRef"];
            return (Cells.Text(claim, "uid"), Cells.Text(claim, "resourceVersion"));
        }
    }

    [Fact]
    public void What_other_sources_apply_stays_as_it_is()
    {
        var plan = Plan(
            Kind("source.toolkit.fluxcd.io", "v1", "gitrepositories", "GitRepository", $"{{metadata: {{name: flux-system, namespace: flux-system, uid: a}}, spec: {{url: '{Own}'}}}}", "{metadata: {name: other, namespace: flux-system, uid: b}, spec: {url: 'https://git.example.org/other'}}"),
            Kind("kustomize.toolkit.fluxcd.io", "v1", "kustomizations", "Kustomization"));
        Assert.Equal([false, true], plan.Cluster.Of("source.toolkit.fluxcd.io", "GitRepository").Select(plan.IsFrozen));
        Assert.False(plan.IsFrozen(Kustomization("sourceRef: {kind: GitRepository, name: flux-system}")));
        Assert.True(plan.IsFrozen(Kustomization("sourceRef: {kind: GitRepository, name: other}")));
        Assert.True(plan.IsFrozen(Kustomization("sourceRef: {kind: OCIRepository, name: flux-system}")));
        Assert.True(plan.IsFrozen(Kustomization("sourceRef: {kind: GitRepository, name: flux-system}, kubeConfig: {secretRef: {name: elsewhere}}")));
    }

    [Fact]
    public void Nodes_are_as_they_describe_themselves_and_have_what_is_looked_for_on_them()
    {
        var plan = Plan(
            Kind("", "v1", "nodes", "Node", "{metadata: {name: n1, uid: n1, labels: {role: primary}}, spec: {podCIDR: 10.42.7.0/24, taints: [{key: a, value: b, effect: NoSchedule}]}, status: {capacity: {cpu: '3', memory: 2Gi, pods: '50', ephemeral-storage: 10Gi}, addresses: [{type: InternalIP, address: 192.168.1.7}], nodeInfo: {kubeletVersion: v1.31.0}}}", "{metadata: {name: n2, uid: n2}, spec: {podCIDR: 'fd00:42:1::/64', podCIDRs: ['fd00:42:1::/64', 10.42.9.0/24]}, status: {addresses: [{type: InternalIP, address: 'fd00::8'}, {type: InternalIP, address: 192.168.1.8}]}}"),
            Kind("", "v1", "persistentvolumes", "PersistentVolume", "{metadata: {name: v1, uid: v1}, spec: {local: {path: /data/pods/x}, nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [n1]}]}]}}}}", "{metadata: {name: v2, uid: v2}, spec: {hostPath: {path: /anywhere}}}"),
            Kind("apps", "v1", "daemonsets", "DaemonSet", "{metadata: {name: d, namespace: default, uid: d}, spec: {template: {spec: {volumes: [{name: a, hostPath: {path: /opt/x, type: Directory}}, {name: b, hostPath: {path: /opt/y.sock, type: Socket}}]}}}}"));
        var nodes = CopiedNodes.Of(plan.Cluster, new HomelabConfig { Mounts = [new() { Path = "/data/media", Source = "nas:/media", Nodes = ["n1"] }] });
        Assert.Equal([("n1", 3, 2L << 30, 50, "192.168.1.7", "10.42.7.0/24", "v1.31.0"), ("n2", 1, 1L << 30, 1, "192.168.1.8", "10.42.9.0/24", "")], nodes.Select(node => (node.Name, node.Cpu, node.Memory, node.Pods, node.Address, node.PodCidr, node.KubeletVersion)));
        Assert.Equal("primary", nodes[0].Labels["role"]);
        Assert.Equal(("a", "NoSchedule", "b"), (nodes[0].Taints[0].Key, nodes[0].Taints[0].Effect, nodes[0].Taints[0].Value));
        Assert.Equal(["/data/pods/x", "/anywhere", "/opt/x"], nodes[0].Folders);
        Assert.Equal(["/anywhere", "/opt/x"], nodes[1].Folders);
        Assert.Equal(["nas:/media"], nodes[0].Mounts.Select(mount => mount.Source));
        Assert.Empty(nodes[1].Mounts);
        Assert.Equal(["/opt/y.sock"], CopiedNodes.Files(plan.Cluster));
    }

    private static JsonObject Kustomization(string spec) => Read("Kustomization", $"{{metadata: {{name: apps, namespace: flux-system}}, spec: {{{spec}}}}}");

    private static CopiedKind Kind(string group, string version, string plural, string kind, params string[] objects)
    {
        var type = new ResourceType(group, version, plural, kind, kind is not ("Node" or "PersistentVolume"));
        return new(type, [.. objects.Select(text =>
        {
            var item = Read(kind, text);
            item["apiVersion"] = type.ApiVersion;
            return item;
        })]);
    }

    private static JsonObject Read(string kind, string flow) => ManifestReader.Read("test.yaml", flow.Insert(1, $"apiVersion: v1, kind: {kind}, ")).Single().Content;

    private static CopyPlan Plan(params CopiedKind[] kinds) => new()
    {
        Cluster = new() { Cluster = "one", Kinds = kinds },
        Branches = new() { Addresses = [Own], Commits = new Dictionary<string, string>(), Branch = "main", Behind = [] },
        Repository = new RepositoryCommitter(RepositoryLocation.OfFolder("."), new ChangeJournal(".")),
        Place = ".",
        Config = new(),
        Drills = [],
        Notices = [],
    };
}
