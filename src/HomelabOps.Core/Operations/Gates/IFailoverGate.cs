using HomelabOps.Core.Operations.Planning;

namespace HomelabOps.Core.Operations.Gates;

/// <summary>Something that must hold before an application is moved.</summary>
internal interface IFailoverGate
{
    /// <summary>Name of the gate, as people override it.</summary>
    string Name { get; }

    /// <summary>Whether who knows better may override what was found, and the move could still be made.</summary>
    bool CanBeOverridden(FailoverCase item, FailoverFacts facts) => true;

    /// <summary>Looks, and says what was found.</summary>
    GateResult Check(FailoverCase item, FailoverFacts facts);
}
