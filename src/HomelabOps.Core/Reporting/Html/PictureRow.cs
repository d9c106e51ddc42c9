namespace HomelabOps.Core.Reporting.Html;

/// <summary>One row of a tree.</summary>
/// <param name="Parent">Index of the row that it hangs on; -1 for none.</param>
/// <param name="Depth">How far it is in.</param>
/// <param name="Kind">Its kind, in short.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">How it is.</param>
/// <param name="Word">The same as a word.</param>
internal sealed record PictureRow(int Parent, int Depth, string Kind, string Name, PartState State, string Word);
