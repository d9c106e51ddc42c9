using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>What a kubelet knows of one pod. Changed by one worker at a time.</summary>
internal sealed class PodRun
{
    private volatile IReadOnlyList<ContainerRun> _ephemeral = [];

    public PodRun(JsonObject pod, NodeState node, DateTimeOffset now)
    {
        Uid = Cells.Text(pod, "metadata.uid");
        Name = Cells.Text(pod, "metadata.name");
        Namespace = Cells.Text(pod, "metadata.namespace");
        Node = node;
        Boot = node.Boots;
        StartedAt = now;
        Containers =
        [
            .. Cells.Items(pod, "spec.initContainers").Select(spec => new ContainerRun(spec, isInit: true)),
            .. Cells.Items(pod, "spec.containers").Select(spec => new ContainerRun(spec, isInit: false)),
        ];
        if (Containers[0].IsInit)
        {
            foreach (var container in Containers)
            {
                container.Reason = "PodInitializing";
            }
        }
    }

    public string Uid { get; }

    public string Name { get; }

    public string Namespace { get; }

    public NodeState Node { get; }

    /// <summary>The start of the node that its containers belong to.</summary>
    public int Boot { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>Init containers first.</summary>
    public IReadOnlyList<ContainerRun> Containers { get; }

    /// <summary>Those that were added while it runs.</summary>
    public IReadOnlyList<ContainerRun> Ephemeral => _ephemeral;

    /// <summary>Its address; empty before it has one.</summary>
    public string Ip { get; set; } = "";

    public bool AreVolumesMounted { get; set; }

    public int MountFailures { get; set; }

    public DateTimeOffset? MountRetryAt { get; set; }

    /// <summary>Since when its volumes are waited for.</summary>
    public DateTimeOffset MountSince { get; set; }

    public bool HasSandbox { get; set; }

    /// <summary>Why the node has given it up, with the reason and the message of its status.</summary>
    public (string Reason, string Message)? Failure { get; set; }

    /// <summary>Whether it no longer counts among the pods of its node.</summary>
    public bool IsDiscounted { get; set; }

    /// <summary>Whether all its containers are being ended.</summary>
    public bool IsKilled { get; set; }

    /// <summary>The folders that live as long as it does.</summary>
    public ConcurrentDictionary<string, FileTree> Scratch { get; } = new(StringComparer.Ordinal);

    /// <summary>As log messages name it.</summary>
    public string FullName => $"{Name}_{Namespace}({Uid})";

    public ContainerRun? Container(string name) => Containers.Concat(Ephemeral).FirstOrDefault(container => container.Name == name);

    /// <summary>Takes in the containers that were added to a pod; none is ever taken away.</summary>
    public void Extend(JsonObject pod)
    {
        var added = Cells.Items(pod, "spec.ephemeralContainers").Where(spec => !_ephemeral.Any(known => known.Name == Cells.Text(spec, "name"))).ToList();
        if (added.Count > 0)
        {
            _ephemeral = [.. _ephemeral, .. added.Select(spec => new ContainerRun(spec, isInit: false) { IsEphemeral = true })];
        }
    }
}
