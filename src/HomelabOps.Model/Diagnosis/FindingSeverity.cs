namespace HomelabOps;

/// <summary>How bad a finding is. Compares by weight: <c>-ge Warning</c> leaves out what is only good to know.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know; nothing is wrong for certain.</summary>
    Info,

    /// <summary>It works now, or may work, and will do harm in a case that is named.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Error,
}
