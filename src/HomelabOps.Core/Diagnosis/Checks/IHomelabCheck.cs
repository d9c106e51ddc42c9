using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Looks for one sort of thing that can be wrong. Asks nobody, and takes nothing from what could not be read.</summary>
internal interface IHomelabCheck
{
    /// <summary>What it finds, with what may explain it.</summary>
    IEnumerable<Symptom> Check(HomelabSnapshot snapshot);
}
