namespace HomelabOps.Sandbox.Controllers.Nodes.World;

/// <summary>The faults of containers that are switched on. Safe for use by several threads.</summary>
internal sealed class ContainerFaults(Action changed)
{
    private readonly Lock _lock = new();
    private ContainerFault[] _faults = [];

    /// <summary>Switches a fault on.</summary>
    public void Add(ContainerFault fault) => Change(faults => [.. faults, fault]);

    /// <summary>Switches it off; one that is off already stays so.</summary>
    public void Remove(ContainerFault fault) => Change(faults => [.. faults.Where(present => present != fault)]);

    /// <summary>What is wrong with a container; the fault that was added first goes first.</summary>
    public ContainerFault? Of(string @namespace, string pod, string container, bool isInit)
    {
        var faults = Volatile.Read(ref _faults);
        return faults.Length == 0 ? null : Array.Find(faults, fault => fault.Concerns(@namespace, pod) && (fault.Container is null ? !isInit : fault.Container == container));
    }

    private void Change(Func<ContainerFault[], ContainerFault[]> change)
    {
        lock (_lock)
        {
            _faults = change(_faults);
        }

        changed();
    }
}
