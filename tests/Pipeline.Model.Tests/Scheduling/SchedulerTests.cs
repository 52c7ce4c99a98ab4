using Pipeline.Model.Engine;
using Pipeline.Model.Sampling;
using Pipeline.Model.Scheduling;

namespace Pipeline.Model.Tests.Scheduling;

public sealed class SchedulerTests
{
    private readonly List<int> _released = [];

    [Fact]
    public void Images_are_encoded_and_prefilled_together_and_their_prompts_after_them()
    {
        Scheduler scheduler = New(Plans.Limits());
        ScheduledRequest first = Add(scheduler, 1, Plans.Sequence(), Plans.Score());
        ScheduledRequest second = Add(scheduler, 2, Plans.Score());

        Assert.Equal(["Vision 2", "ImagePrefill 2", "TextPrefill 3", "Decode 1"], Enumerable.Range(0, 4).Select(_ => RunStep(scheduler)));
        Assert.Equal(1, first.Remaining);
        Assert.Equal(0, second.Remaining);
        Assert.Single(_released);
    }

    [Fact]
    public void Prompts_of_images_that_were_encoded_together_run_together_although_their_images_do_not_fit_one_prefill()
    {
        Scheduler scheduler = New(Plans.Limits(tokens: 25, crops: 6));
        Add(scheduler, 1, Plans.Score());
        Add(scheduler, 2, Plans.Score());
        Add(scheduler, 3, Plans.Score());

        Assert.Equal(["Vision 3", "ImagePrefill 2", "ImagePrefill 1", "TextPrefill 3"], Enumerable.Range(0, 4).Select(_ => RunStep(scheduler)));
    }

    [Fact]
    public void Equal_images_are_encoded_once_and_keep_their_slot_to_the_last_prompt()
    {
        Scheduler scheduler = New(Plans.Limits());
        Add(scheduler, 1, Plans.Score());
        Add(scheduler, 1, Plans.Sequence(maxTokens: 2));

        Assert.Equal(["Vision 1", "ImagePrefill 1", "TextPrefill 2"], Enumerable.Range(0, 3).Select(_ => RunStep(scheduler)));
        ScheduledRequest late = Add(scheduler, 1, Plans.Score());
        Assert.Empty(_released);
        Assert.Equal(["TextPrefill 1", "Decode 1"], Enumerable.Range(0, 2).Select(_ => RunStep(scheduler)));
        Assert.Equal(0, late.Remaining);
        Assert.Single(_released);
        Assert.True(scheduler.IsEmpty);
        Assert.Equal(1, scheduler.ImagesFinished);
    }

    [Fact]
    public void Without_sharing_every_request_has_its_own_image()
    {
        Scheduler scheduler = New(Plans.Limits(shares: false));
        Add(scheduler, 1, Plans.Score());
        Add(scheduler, 1, Plans.Score());

        Assert.Equal("Vision 2", RunStep(scheduler));
    }

    [Fact]
    public void A_place_that_becomes_free_is_filled_before_the_next_token()
    {
        Scheduler scheduler = New(Plans.Limits(sequences: 2));
        Add(scheduler, 1, Plans.Sequence(maxTokens: 2), Plans.Sequence(maxTokens: 9), Plans.Sequence(maxTokens: 9));

        Assert.Equal(
            ["Vision 1", "ImagePrefill 1", "TextPrefill 2", "Decode 2", "TextPrefill 1", "Decode 2"],
            Enumerable.Range(0, 6).Select(_ => RunStep(scheduler)));
    }

    [Fact]
    public void No_image_is_encoded_for_sequences_that_find_no_place()
    {
        Scheduler scheduler = New(Plans.Limits(sequences: 1));
        Add(scheduler, 1, Plans.Sequence(maxTokens: 3));
        Add(scheduler, 2, Plans.Sequence(maxTokens: 3));

        Assert.Equal(
            ["Vision 1", "ImagePrefill 1", "TextPrefill 1", "Decode 1", "Decode 1", "Vision 1"],
            Enumerable.Range(0, 6).Select(_ => RunStep(scheduler)));
    }

    [Fact]
    public void A_sequence_waits_for_its_blocks_and_prompts_to_score_pass_it()
    {
        Scheduler scheduler = New(Plans.Limits(blocks: 4));
        Add(scheduler, 1, Plans.Sequence(30, 20), Plans.Sequence(3, 2), Plans.Score());

        Assert.Equal("Vision 1", RunStep(scheduler));
        Assert.Equal("ImagePrefill 1", RunStep(scheduler));
        var prefill = Assert.IsType<PrefillStep>(scheduler.Schedule());
        Assert.Equal([0, 2], prefill.Prompts.Select(prompt => prompt.Index));
    }

    [Fact]
    public void Cancelling_frees_the_slot_and_the_blocks_at_once()
    {
        Scheduler scheduler = New(Plans.Limits(slots: 1, blocks: 4));
        ScheduledRequest cancelled = Add(scheduler, 1, Plans.Sequence(30, 20));
        Add(scheduler, 2, Plans.Sequence(30, 20));
        Run(scheduler, 4);

        scheduler.Cancel(cancelled);

        scheduler.CheckIntegrity();
        Assert.Single(_released);
        Assert.Equal(["Vision 1", "ImagePrefill 1", "TextPrefill 1"], Enumerable.Range(0, 3).Select(_ => RunStep(scheduler)));
    }

    [Fact]
    public void Running_out_of_memory_halves_the_step_and_success_lets_it_grow_back()
    {
        Scheduler scheduler = New(Plans.Limits(blocks: 200));
        Add(scheduler, 1, [.. Enumerable.Range(0, 4).Select(_ => Plans.Sequence(3, 400))]);
        Run(scheduler, 3);

        Assert.Empty(scheduler.Fail(scheduler.Schedule()!, outOfMemory: true));
        Assert.Equal("Decode 2", RunStep(scheduler));
        Assert.Empty(scheduler.Fail(scheduler.Schedule()!, outOfMemory: true));
        Assert.Equal("Decode 1", RunStep(scheduler));

        Run(scheduler, (3 * StepBudget.Patience) - 1);
        Assert.Equal("Decode 4", RunStep(scheduler));
    }

    [Fact]
    public void Halved_decode_steps_take_turns()
    {
        Scheduler scheduler = New(Plans.Limits());
        ScheduledRequest request = Add(scheduler, 1, [.. Enumerable.Range(0, 4).Select(_ => Plans.Sequence(3, 20))]);
        Run(scheduler, 3);
        scheduler.Fail(scheduler.Schedule()!, outOfMemory: true);

        Run(scheduler, 4);

        Assert.All(request.Prompts, prompt => Assert.Equal(3, ((Sequence)prompt).Generated.Count));
    }

    [Fact]
    public void Of_a_step_that_failed_only_what_fails_alone_fails()
    {
        Scheduler scheduler = New(Plans.Limits());
        ScheduledRequest good = Add(scheduler, 1, Plans.Sequence());
        ScheduledRequest bad = Add(scheduler, 2, Plans.Sequence());
        Run(scheduler, 3);

        Assert.Empty(scheduler.Fail(scheduler.Schedule()!, outOfMemory: false));
        Assert.Equal("Decode 1", RunStep(scheduler));
        Step alone = scheduler.Schedule()!;

        Assert.True(alone.IsRetry);
        Assert.Equal([bad], scheduler.Fail(alone, outOfMemory: false));
        scheduler.CheckIntegrity();
        Assert.Equal("Decode 1", RunStep(scheduler));
        Assert.Equal(3, ((Sequence)good.Prompts[0]).Generated.Count);
    }

    [Fact]
    public void An_image_that_fails_alone_fails_all_who_share_it()
    {
        Scheduler scheduler = New(Plans.Limits());
        ScheduledRequest[] both = [Add(scheduler, 1, Plans.Score()), Add(scheduler, 1, Plans.Score())];

        Assert.Empty(scheduler.Fail(scheduler.Schedule()!, outOfMemory: true));
        Assert.Equal(both, scheduler.Fail(scheduler.Schedule()!, outOfMemory: true));
        Assert.True(scheduler.IsEmpty);
        scheduler.CheckIntegrity();
    }

    [Fact]
    public void A_sequence_is_decoded_although_images_to_score_never_end()
    {
        Scheduler scheduler = New(Plans.Limits());
        ScheduledRequest request = Add(scheduler, 0, Plans.Sequence(maxTokens: 3));
        for (int image = 1; request.Remaining > 0; image++)
        {
            Assert.True(image < 200, "the sequence starves");
            Add(scheduler, image % 250, Plans.Score());
            RunStep(scheduler);
        }
    }

    [Fact]
    public void An_image_is_encoded_although_prompts_on_another_never_end()
    {
        Scheduler scheduler = New(Plans.Limits());
        Add(scheduler, 0, Plans.Score());
        Run(scheduler, 2);
        ScheduledRequest other = Add(scheduler, 1, Plans.Score());
        for (int i = 0; other.Remaining > 0; i++)
        {
            Assert.True(i < 300, "the image starves");
            Add(scheduler, 0, Plans.Score());
            RunStep(scheduler);
        }
    }

    [Fact]
    public void A_step_can_only_be_ended_once_and_nothing_be_cancelled_within()
    {
        Scheduler scheduler = New(Plans.Limits());
        ScheduledRequest request = Add(scheduler, 1, Plans.Score());
        Step step = scheduler.Schedule()!;

        Assert.Throws<InvalidOperationException>(() => scheduler.Cancel(request));
        Assert.Throws<InvalidOperationException>(scheduler.Schedule);
        scheduler.Complete(step);
        Assert.Throws<InvalidOperationException>(() => scheduler.Complete(step));
    }

    private Scheduler New(EngineLimits limits) => new(limits, _released.Add);

    private static ScheduledRequest Add(Scheduler scheduler, int image, params PromptTask[] prompts)
    {
        ScheduledRequest request = Plans.Request(image, prompts);
        scheduler.Add(request);
        return request;
    }

    private static void Run(Scheduler scheduler, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            RunStep(scheduler);
        }
    }

    /// <summary>Sequences end with their last allowed token.</summary>
    private static string RunStep(Scheduler scheduler)
    {
        Step step = scheduler.Schedule()!;
        IReadOnlyList<PromptTask> prompts = step switch { PrefillStep prefill => prefill.Prompts, DecodeStep decode => decode.Sequences, _ => [] };
        foreach (PromptTask prompt in prompts)
        {
            (prompt as Sequence)?.Append(new PickedToken(1, -1));
            if (prompt is not Sequence sequence || sequence.Generated.Count == sequence.Sampling.MaxTokens)
            {
                prompt.End(Plans.Answer);
            }
        }

        scheduler.Complete(step);
        scheduler.CheckIntegrity();
        return $"{step.Stage} {step.Count}";
    }
}
