namespace HomelabOps.Core.GitOps.Editing;

/// <summary>Characters of a text that are replaced.</summary>
/// <param name="Start">The first of them.</param>
/// <param name="End">After the last of them; the same as Start where something is inserted.</param>
/// <param name="Text">What stands there afterwards.</param>
internal readonly record struct TextChange(int Start, int End, string Text);
