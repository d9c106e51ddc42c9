using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>Something that must hold before an application is moved.</summary>
internal interface IFailoverGate
{
    /// <summary>Name of the gate, as people override it.</summary>
    string Name { get; }

    /// <summary>Whether who knows better may override it.</summary>
    bool CanBeOverridden => true;

    /// <summary>Looks, and says what was found.</summary>
    GateResult Check(FailoverCase item, FailoverFacts facts);
}
