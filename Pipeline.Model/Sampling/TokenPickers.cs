using Pipeline.Model.Constraints;

namespace Pipeline.Model.Sampling;

/// <summary>Finds who picks the tokens of an answer. Thread-safe; pickers themselves run on the engine's thread.</summary>
/// <param name="vocabulary">Made when the first answer of a given shape is asked for: it takes a moment.</param>
internal sealed class TokenPickers(Func<TokenVocabulary> vocabulary)
{
    /// <summary>Most shapes kept; a process rarely sees more than a few.</summary>
    private const int MostShapes = 64;

    private readonly Lazy<TokenVocabulary> _vocabulary = new(vocabulary);
    private readonly Dictionary<string, ShapeConstraint> _shapes = [];
    private readonly Lock _lock = new();

    /// <param name="sampling">Valid.</param>
    /// <param name="shape">Null: any answer.</param>
    /// <param name="prompt">Ids of the prompt's text.</param>
    /// <returns>Null where the likeliest token is simply it.</returns>
    /// <exception cref="ArgumentException">The shape can't be used, or no such answer fits max_tokens.</exception>
    public ITokenPicker? For(SamplingParams sampling, AnswerShape? shape, IReadOnlyList<int> prompt)
    {
        if (shape is null && sampling.Temperature == 0 && sampling.RepetitionPenalty == 1)
        {
            return null;
        }

        return new TokenSampler(sampling, prompt, shape is null ? null : ConstraintOf(shape, sampling.MaxTokens));
    }

    private ShapeConstraint ConstraintOf(AnswerShape shape, int maxTokens)
    {
        ShapeConstraint constraint;
        lock (_lock)
        {
            if (!_shapes.TryGetValue(shape.Pattern, out constraint!))
            {
                if (_shapes.Count == MostShapes)
                {
                    _shapes.Clear();
                }

                _shapes[shape.Pattern] = constraint = Compile(shape.Pattern);
            }
        }

        return constraint.FewestTokens switch
        {
            int.MaxValue => throw new ArgumentException($"The tokenizer has no tokens to write what '{shape.Pattern}' matches: change the pattern.", nameof(shape)),
            var fewest when fewest > maxTokens => throw new ArgumentException(
                $"What '{shape.Pattern}' matches may take {fewest} tokens, and max_tokens is {maxTokens}: raise it to at least that.", nameof(shape)),
            _ => constraint,
        };
    }

    private ShapeConstraint Compile(string pattern)
    {
        try
        {
            return new ShapeConstraint(pattern, _vocabulary.Value);
        }
        catch (Constraints.Patterns.PatternException e)
        {
            throw new ArgumentException(e.Message, nameof(pattern), e);
        }
    }
}
