"""Paricha: one road from the first tip to the last statistic. Start at `grounds`."""
