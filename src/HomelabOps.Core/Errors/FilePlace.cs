namespace HomelabOps.Core;

/// <summary>The place of an error in a file.</summary>
/// <param name="File">The file's name, as the reader was given it.</param>
/// <param name="Line">The line, counted from 1; 0 when no line is to blame.</param>
/// <param name="Column">The column, counted from 1; 0 when none is known.</param>
/// <param name="Detail">What is wrong, without the place.</param>
/// <param name="Key">The key of the detail's text; empty where nobody asks for it.</param>
internal sealed record FilePlace(string File, long Line, long Column, string Detail, string Key = "");
