namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>What the pods of one node take together.</summary>
internal sealed class NodeLoad
{
    private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);

    public int Pods { get; private set; }

    public long Cpu { get; private set; }

    public long Memory { get; private set; }

    public long CountedCpu { get; private set; }

    public long CountedMemory { get; private set; }

    public bool IsTaken(string port) => _ports.GetValueOrDefault(port) > 0;

    public void Add(PodRequest request, int sign)
    {
        Pods += sign;
        Cpu += sign * request.Cpu;
        Memory += sign * request.Memory;
        CountedCpu += sign * request.CountedCpu;
        CountedMemory += sign * request.CountedMemory;
        foreach (var port in request.Ports)
        {
            _ports[port] = _ports.GetValueOrDefault(port) + sign;
        }
    }
}
