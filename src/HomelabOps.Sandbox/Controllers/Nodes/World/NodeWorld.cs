namespace HomelabOps.Sandbox.Controllers.Nodes.World;

/// <summary>
/// The machines of the homelab, the registry that their images come from, and what is wrong with the containers on them. The
/// simulated kubelets read it; faults are switched on and off here, and the symptoms follow by themselves.
/// </summary>
internal sealed class NodeWorld
{
    private readonly Dictionary<string, NodeState> _nodes = new(StringComparer.Ordinal);
    private Action<NodeState?>? _changed;

    public NodeWorld(IEnumerable<SimulatedNode> nodes)
    {
        Registry = new ImageRegistry(() => _changed?.Invoke(null));
        Faults = new ContainerFaults(() => _changed?.Invoke(null));
        foreach (var node in nodes)
        {
            _nodes.Add(node.Name, new NodeState(node, state => _changed?.Invoke(state)));
        }
    }

    public IReadOnlyCollection<NodeState> Nodes => _nodes.Values;

    public ImageRegistry Registry { get; }

    public ContainerFaults Faults { get; }

    /// <summary>Told of each switch that is turned: with the node that it is about, or null when it may be about any. To be added to before the start.</summary>
    public void OnChange(Action<NodeState?> handler) => _changed += handler;

    /// <summary>The node of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public NodeState Node(string name) => _nodes[name];

    /// <summary>An image cannot be had. A node that has it from the last time would not ask for it.</summary>
    public void Withhold(string image, ImageFault fault)
    {
        var name = ImageReference.Parse(image)?.Full ?? image;
        foreach (var node in _nodes.Values)
        {
            node.RemoveImage(name);
        }

        Registry.Set(image, fault);
    }

    /// <summary>Whether two nodes, or the pods on them, reach each other. Who is unknown is reached.</summary>
    public bool AreLinked(string one, string other) => one == other || (Lets(one) && Lets(other));

    public NodeState? Find(string? name) => name is not null && _nodes.TryGetValue(name, out var node) ? node : null;

    private bool Lets(string name) => Find(name) is null or { IsPowered: true, IsConnected: true, IsWalledOff: false };
}
