namespace HomelabOps.Sandbox.Tests.Diagnosis;

/// <summary>How many roots were found in all looks of a class, and how many findings were roots.</summary>
public sealed class DiagnosisScore
{
    private int _looks;
    private int _seen;
    private int _found;
    private int _right;

    /// <summary>Faults that were looked at.</summary>
    public int Faults { get; set; }

    /// <summary>Counts a look at a homelab with one fault.</summary>
    /// <param name="isSeen">Its root was found.</param>
    /// <param name="found">Findings.</param>
    /// <param name="right">Those of them that are the root.</param>
    public void Add(bool isSeen, int found, int right) => (_looks, _seen, _found, _right) = (_looks + 1, _seen + (isSeen ? 1 : 0), _found + found, _right + right);

    public override string ToString() => FormattableString.Invariant($"{Faults} faults, {_looks} looks: precision {(double)_right / _found:0.000} ({_right} of {_found}), recall {(double)_seen / _looks:0.000} ({_seen} of {_looks}).");
}
