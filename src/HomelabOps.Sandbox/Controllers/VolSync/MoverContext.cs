using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>One replication as a mover sees it.</summary>
/// <param name="Owner">The ReplicationSource or ReplicationDestination, with the status that is being made.</param>
/// <param name="Method">Such as <c>restic</c> or <c>rsyncTLS</c>.</param>
/// <param name="IsSource">Which of both it is.</param>
/// <param name="Cluster">What is known of the cluster.</param>
/// <param name="Objects">Its own objects.</param>
/// <param name="Client">The API.</param>
/// <param name="World">What is outside of the cluster.</param>
/// <param name="Options">How VolSync runs.</param>
/// <param name="Now">Time of the homelab.</param>
internal sealed record MoverContext(
    JsonObject Owner,
    string Method,
    bool IsSource,
    VolSyncInformers Cluster,
    OwnedObjects Objects,
    ClusterClient Client,
    ReplicationWorld World,
    VolSyncOptions Options,
    DateTimeOffset Now)
{
    public string Name => Text(Owner, "metadata.name");

    public string Namespace => Text(Owner, "metadata.namespace");

    public ObjectName Key => new(Namespace, Name);

    public JsonObject Spec => (JsonObject)Owner["spec"]![Method]!;

    public JsonObject Status => (JsonObject)Owner["status"]!;

    /// <summary><c>src</c> or <c>dst</c>, as names say it.</summary>
    public string Direction => IsSource ? "src" : "dst";

    public bool IsPaused => (bool?)Owner["spec"]?["paused"] == true;

    /// <summary>Whether the namespace lets movers run with the rights of root.</summary>
    public bool IsPrivileged => (string?)Cluster.Namespaces.Find("", Namespace)?["metadata"]?["annotations"]?["volsync.backube/privileged-movers"] == "true";

    /// <summary>The part of the status that belongs to the method.</summary>
    public JsonObject MethodStatus
    {
        get
        {
            if (Status[Method] is not JsonObject status)
            {
                status = [];
                Status[Method] = status;
            }

            return status;
        }
    }

    /// <summary>The claim with this name.</summary>
    /// <exception cref="MoverException">There is none.</exception>
    public JsonObject Claim(string name) => Cluster.Claims.Find(Namespace, name) ?? throw MoverException.NotFound("PersistentVolumeClaim", name);

    /// <summary>A Secret that the user has made.</summary>
    /// <exception cref="MoverException">There is none, or it lacks a field.</exception>
    public JsonObject Secret(string name, params string[] fields)
    {
        var secret = Cluster.Secrets.Find(Namespace, name) ?? throw MoverException.NotFound("Secret", name);
        var data = secret["data"] as JsonObject ?? [];
        if (data.Count < fields.Length)
        {
            throw new MoverException($"secret should have fields: [{string.Join(' ', fields)}]");
        }

        return Array.Find(fields, field => !data.ContainsKey(field)) is { } missing ? throw new MoverException($"secret is missing field: {missing}") : secret;
    }

    /// <summary>The account of the mover: the user's own, or one that VolSync makes.</summary>
    /// <exception cref="MoverException">The user's own is not there.</exception>
    public async Task<string?> AccountAsync(CancellationToken cancellationToken)
    {
        if (Text(Spec, "moverServiceAccount") is { Length: > 0 } own)
        {
            return Cluster.Accounts.Find(Namespace, own) is null ? throw MoverException.NotFound("ServiceAccount", own) : own;
        }

        var name = $"volsync-{Direction}-{Name}";
        return (await Objects.EnsureAsync(Cluster.Accounts, Named(name), isTemporary: false, cancellationToken)).Object is null ? null : name;
    }

    public static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };
}
